/** What an application word says about a connection to an SMB port. */

const SMB_WORD = /^(smb|cifs|ms-ds-smb|microsoft-ds|netbios-s|print-over-ms-smb)/;

/** Applications that are positively something else. Words that mean "not identified" are not among them. */
const OTHERS: ReadonlySet<string> = new Set([
  "ssh",
  "http",
  "http2",
  "https",
  "web-browsing",
  "ssl",
  "tls",
  "quic",
  "rdp",
  "ms-rdp",
  "dns",
  "ftp",
  "smtp",
  "smtps",
  "imap",
  "imaps",
  "pop3",
  "pop3s",
  "ldap",
  "ldaps",
  "telnet",
  "sip",
  "vnc",
  "irc",
  "socks",
  "mysql",
  "postgresql",
  "mongodb",
  "redis",
  "bittorrent",
  "openvpn",
  "open-vpn",
  "wireguard",
  "ntp",
  "snmp",
  "syslog",
]);

/** Tells whether any of the names is SMB. */
export function namesSmb(applications: readonly string[]): boolean {
  return applications.some((name) => SMB_WORD.test(name));
}

/** The application that contradicts an SMB port, if one was positively identified and none is SMB. */
export function contradiction(applications: readonly string[]): string | undefined {
  return namesSmb(applications) ? undefined : applications.find((name) => OTHERS.has(name));
}

const HOSTED_SHARES = [
  /\.file\.core\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/i,
  /\.file\.storage\.azure\.net$/i,
  /^(amznfsx[a-z0-9]{8}|fs-[0-9a-f]{8,17})\..+$/i,
];

/** Tells whether a server's name is that of a cloud provider's hosted file share. */
export function isHostedShare(domain: string | undefined): boolean {
  return domain !== undefined && HOSTED_SHARES.some((pattern) => pattern.test(domain));
}
