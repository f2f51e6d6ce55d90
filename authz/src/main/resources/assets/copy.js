// Makes copying the code one click. Without this script the field is selected and copied by hand.
const code = document.getElementById('code');
const button = document.getElementById('copy');
const status = document.getElementById('copied');

code.addEventListener('focus', () => code.select());
code.addEventListener('click', () => code.select());
code.select();

button.hidden = false;
button.addEventListener('click', async () => {
  code.select();
  try {
    await navigator.clipboard.writeText(code.value);
  } catch {
    document.execCommand('copy');
  }
  status.textContent = 'Copied.';
});
