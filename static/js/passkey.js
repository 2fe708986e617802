// Passkeys: asks the server what to ask, asks the browser, and sends what it answers with the form. Forms that need this
// are hidden in the page; they are shown only where it can work (a secure page under a name, not under a bare number).

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const plain = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
const works = window.PublicKeyCredential && window.isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname);

async function ask(form) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  if (!answer.ok) throw new Error("Please reload this page and try again.");
  const publicKey = await answer.json();
  publicKey.challenge = bytes(publicKey.challenge);
  publicKey.allowCredentials = known(publicKey.allowCredentials);
  publicKey.excludeCredentials = known(publicKey.excludeCredentials);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  const found = await navigator.credentials[form.dataset.passkey]({ publicKey });
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = found.response;
  return {
    id: found.id, rawId: found.id, type: found.type, clientExtensionResults: {},
    response: {
      clientDataJSON: plain(clientDataJSON), attestationObject: plain(attestationObject),
      authenticatorData: plain(authenticatorData), signature: plain(signature), userHandle: plain(userHandle),
      transports: found.response.getTransports?.(),
    },
  };
}

const reasons = {
  NotAllowedError: "Nothing was chosen, or it took too long. Please try again.",
  InvalidStateError: "This device or key is in your list already.",
};

for (const form of works ? document.querySelectorAll("[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-said]");
    said.hidden = true;
    try {
      form.elements[form.dataset.field].value = JSON.stringify(await ask(form));
      form.submit();
    } catch (error) {
      said.textContent = reasons[error.name] || error.message;
      said.hidden = false;
    }
  });
}
