/**
 * The browser's part of the set-up page: takes the code from behind the # of the address, and the address out of the history;
 * also when a newer link is opened in the same tab. Without it the administrator types the code.
 */
const SOURCE = `'use strict';
(() => {
  const take = () => {
    const code = location.hash.slice(1);
    if (code === '') return;
    document.getElementById('code').value = code;
    document.getElementById('code-row').hidden = true;
    history.replaceState(null, '', location.pathname);
  };
  addEventListener('hashchange', take);
  take();
})();
`;

export const SETUP_SCRIPT = SOURCE.replaceAll(/^ +/gm, '');
