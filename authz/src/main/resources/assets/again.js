// A second click of somebody who double-clicks elsewhere must not land on Allow when this window comes to the front: the
// style sheet keeps the button away while the page is new, and this does the same each time the window comes back.
const again = () => document.querySelectorAll('.late button')
  .forEach(button => button.animate({ pointerEvents: ['none', 'none'] }, 500));

addEventListener('focus', again);
addEventListener('pageshow', event => event.persisted && again());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && again());
