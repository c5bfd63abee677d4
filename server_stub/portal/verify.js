"use strict";
// Two things that a form alone cannot do: digest a file, which never leaves this device, and compare the code of
// the paper (the part of the address behind #, which browsers do not send) with what the register answered.
// The page's policy lets this script load and send nothing.
(() => {
  const LARGEST = 64 * 1024 * 1024;
  const START = 16;
  const SIGNATURE = 64;
  const at = (id) => document.getElementById(id);
  const verdict = at("verdict");

  const show = (place, name) => {
    for (const line of place.querySelectorAll("[data-say]")) line.hidden = line.dataset.say !== name;
  };
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unpacked = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };

  // true or false; null when this browser knows no Ed25519
  const signed = async (signature, { number, digest, issued, key }) => {
    const content = new TextEncoder().encode(
      JSON.stringify({ document_sha256: digest, issued_at: issued, number }),
    );
    try {
      const pinned = await crypto.subtle.importKey("raw", unpacked(key), { name: "Ed25519" }, false, ["verify"]);
      return await crypto.subtle.verify({ name: "Ed25519" }, pinned, signature, content);
    } catch {
      return null;
    }
  };

  const judgeCode = async () => {
    const fragment = location.hash.slice(1);
    if (!verdict || !verdict.dataset.digest || !fragment || fragment === "verdict") return;
    let code = new Uint8Array();
    try {
      code = unpacked(fragment);
    } catch {
      code = new Uint8Array();
    }
    const fits =
      code.length === START + SIGNATURE &&
      hex(code.subarray(0, START)) === verdict.dataset.digest.slice(0, 2 * START);
    const valid = fits ? await signed(code.subarray(START), verdict.dataset) : false;
    if (fits && valid !== false) {
      show(at("code"), valid ? "fits" : "unsigned");
      return;
    }
    const words = at("altered").content.cloneNode(true);
    at("verdict-title").replaceWith(words.getElementById("verdict-title"));
    at("means").replaceWith(words.getElementById("means"));
    verdict.className = "verdict bad";
    document.title = at("verdict-title").textContent;
    show(at("code"), "");
  };

  // A report names its number in its own description; two different ones are none.
  const numberIn = (bytes) => {
    const text = new TextDecoder("latin1").decode(bytes);
    const found = new Set(text.match(/HYXY[PE]\d{8}[0-9A-HJKMNP-TV-Z]{20}[0-9A-Z]/g));
    return found.size === 1 ? [...found][0] : "";
  };

  const judgeFile = async (file) => {
    const status = at("file-status");
    if (!file) return;
    if (file.size > LARGEST) {
      show(status, "too-large");
      return;
    }
    show(status, "reading");
    let bytes;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      show(status, "unread");
      return;
    }
    if (!new TextDecoder("latin1").decode(bytes.subarray(0, 1024)).trimStart().startsWith("%PDF")) {
      show(status, "not-pdf");
      return;
    }
    const form = at("digest-form");
    form.elements.pdf_sha256.value = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    form.elements.number.value = numberIn(bytes);
    form.submit();
  };

  // A scanner types the whole code: its part behind # goes into the address and is not sent.
  const keepCode = (event) => {
    const [typed, code] = at("number").value.trim().split("#");
    if (!code) return;
    event.preventDefault();
    const number = typed.replace(/\/+$/, "").split("/").pop();
    location.assign(`/v/${encodeURIComponent(number)}${new URL(event.target.action).search}#${code}`);
  };

  const drop = at("drop");
  drop.hidden = false;
  at("file").addEventListener("change", (event) => judgeFile(event.target.files[0]));
  at("number-form").addEventListener("submit", keepCode);
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop") judgeFile(event.dataTransfer.files[0]);
    });
  }
  addEventListener("pageshow", () => show(at("file-status"), ""));
  addEventListener("hashchange", judgeCode);
  const other = at("other-language");
  if (location.hash) other.href += location.hash;
  if (verdict) verdict.focus({ preventScroll: true });
  judgeCode();
})();
