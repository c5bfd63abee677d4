-- A question that was settled named whom was asked about for as long as the row stood; its digest is enough.
UPDATE outbox SET body = x'7b7d' WHERE kind IN ('query', 'screen') AND state IN ('done', 'refused');
