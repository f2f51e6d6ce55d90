// Submits the form. Without this script the user presses the button.
document.getElementById('answer').submit();
