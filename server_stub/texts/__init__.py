"""Words the server puts into answers: labels of fields, names of states. Chinese first, English beside."""
