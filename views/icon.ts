/** The browser tab's picture: a calendar page with a tick. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="4" width="28" height="26" rx="6" fill="#1f5f99"/><path d="M2 12h28" stroke="#fff" stroke-width="2"/><path d="M10 2v6M22 2v6" stroke="#1f5f99" stroke-width="3" stroke-linecap="round"/><path d="m10 20.5 4.5 4.5 8-8.5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>
`;
