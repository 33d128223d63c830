/** What a reason means and who does what about it, for alarms and for mailboxes that are not served. */
const WORDS: Readonly<Record<string, string>> = {
  GRAPH_CREDENTIAL_REFUSED:
    'Microsoft’s sign-in refuses the secret or certificate of this application: it is wrong, not registered or past its end. The Microsoft 365 administrator registers a new one; put it where graph.client_secret_file, or graph.client_certificate_file and graph.client_key_file, point, and start again.',
  GRAPH_SECRET_EXPIRED:
    'The client secret is past its end. The Microsoft 365 administrator makes a new one; put it into graph.client_secret_file and start again.',
  GRAPH_APPLICATION_UNKNOWN:
    'The tenant knows no application of this id. Check graph.client_id and graph.tenant_id; the Microsoft 365 administrator grants admin consent.',
  GRAPH_TENANT_UNKNOWN: 'Microsoft knows no tenant of this id. Check graph.tenant_id.',
  GRAPH_SIGN_IN_BLOCKED:
    'A conditional access rule keeps this application out. The Microsoft 365 administrator exempts it or allows this network.',
  GRAPH_CONSENT_MISSING:
    'The consent of the tenant was withdrawn, or the application was removed there. The Microsoft 365 administrator grants admin consent again.',
  GRAPH_TOKEN_REFUSED:
    'Microsoft Graph refuses even a fresh token. The Microsoft 365 administrator checks that the application is enabled and has admin consent.',
  GRAPH_ROLE_MISSING:
    'No mailbox lets the application in: the role Calendars.ReadWrite or MailboxSettings.ReadWrite is missing in the tenant, or the scope of RBAC for Applications is empty. The Microsoft 365 administrator grants it.',
  GRAPH_MAILBOX_DENIED:
    'An application access policy keeps the appliance out of this mailbox: it has to join the policy’s group.',
  GRAPH_ACCESS_DENIED:
    'Exchange Online denies the appliance this mailbox: it lies outside the scope of RBAC for Applications, or a role is missing.',
  GRAPH_NO_SUCH_MAILBOX:
    'There is no Exchange Online mailbox of this address: it has no licence, or it is still on premises.',
  GRAPH_MAILBOX_TWICE:
    'This is another address of a mailbox that is enabled already. Remove this one with "hybrid-calendar mailbox remove ADDRESS".',
  GRAPH_MAILBOX_MOVING: 'Microsoft 365 is moving this mailbox to another place.',
  GRAPH_MAILBOX_UNAVAILABLE: 'Microsoft 365 can’t open this mailbox at the moment.',
  GRAPH_THROTTLED: 'Microsoft 365 asks to slow down with this mailbox.',
  GRAPH_MAILBOX_FULL: 'The mailbox is full: nothing can be written to it until there is room again.',
  GRAPH_SUBSCRIPTION_QUOTA: 'Other applications hold all subscriptions that this mailbox may have.',
  GRAPH_SUBSCRIPTION_TWIN:
    'Another installation with the same app registration watches this mailbox: stop it.',
  GRAPH_CANNOT_REACH_US: 'Microsoft 365 can’t reach web.public_url: check DNS, firewall and reverse proxy.',
  GRAPH_CANNOT_TRUST_US:
    'Microsoft 365 can’t open TLS to web.public_url: its certificate must be public and its chain whole.',
  WEBEX_NO_SUCH_USER: 'Webex knows no user or workspace with this address.',
  KMS_KEY_REVOKED:
    'The key of this mailbox is revoked at the KMS: what it sealed can’t be opened, and nothing new is sealed. Ask whoever runs the KMS whether that was meant. If it was, "hybrid-calendar keys rotate --mailbox ADDRESS" gives the mailbox a new key and reads it anew.',
  KMS_KEY_REFUSED:
    'The KMS made a key for this mailbox and does not give it out. Whoever runs the KMS checks the rights of the appliance’s account (kms.user_id).',
  KMS_KEY_GONE:
    'The KMS made a key for this mailbox and does not have it any more. Whoever runs the KMS checks whether all its nodes see the same keys.',
  KMS_KEY_EXPIRED:
    'The KMS makes keys for this mailbox that may not seal any more. Compare the clocks of appliance and KMS; whoever runs the KMS checks how long its keys seal.',
  KMS_REQUEST_REFUSED:
    'The KMS refuses to make a key for this mailbox. Whoever runs the KMS checks whether it knows the mailbox’ user at Webex.',
  DIRECTORY_KEY_LOST:
    'The KMS does not give out the directory key any more, under which the addresses of the mailboxes are sealed. Whoever runs the KMS restores the key, or the appliance’s right to it.',
  KMS_KEYS_REVOKED:
    'The main key of the organisation is revoked at the KMS: no key is given out or used any more. Ask whoever runs the KMS whether that was meant.',
  KMS_REDIRECT:
    'Something in the network sends calls to the KMS elsewhere. Check kms.url, and look for a proxy or a sign-in page in between.',
};

/** Null for a reason that says enough, or that nobody foresaw. */
export function wordsOf(reason: string): string | null {
  return WORDS[reason] ?? null;
}
