// Lets the browser make or use a passkey, and sends the result with the form. WebAuthn has no form of its own.
const form = document.getElementById('passkey');
const problem = document.getElementById('problem');

const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const listed = credentials => credentials.map(each => ({ ...each, id: bytes(each.id) }));

async function create(options) {
  return navigator.credentials.create({ publicKey: { ...options, challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: listed(options.excludeCredentials) } });
}

async function use(options) {
  return navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge),
    allowCredentials: listed(options.allowCredentials) } });
}

function written(credential) {
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
}

form?.addEventListener('submit', async event => {
  if (form.elements.passkey.value) return;
  event.preventDefault();
  try {
    const credential = form.dataset.create ? await create(JSON.parse(form.dataset.create)) : await use(JSON.parse(form.dataset.get));
    form.elements.passkey.value = written(credential);
    form.requestSubmit();
  } catch (failure) {
    problem.textContent = failure.name === 'InvalidStateError' ? 'This device has a passkey for your account already.'
      : 'The passkey was not used. Try again, or choose another way.';
    problem.hidden = false;
  }
});
