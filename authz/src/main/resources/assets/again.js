// The second click of a double click elsewhere must not hit Allow when this window comes to the front. The style sheet disables
// the button while the page is new; this script does the same each time the window comes back.
const again = () => document.querySelectorAll('.late button')
  .forEach(button => button.animate({ pointerEvents: ['none', 'none'] }, 500));

addEventListener('focus', again);
addEventListener('pageshow', event => event.persisted && again());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && again());
