/** Names of ATT&CK tactics and techniques, for documents that must carry them. Source: MITRE ATT&CK Enterprise. */

/** Tactics by the name that Sigma tags use. */
export const TACTICS: Readonly<Record<string, { readonly id: string; readonly name: string }>> = {
  "initial-access": { id: "TA0001", name: "Initial Access" },
  execution: { id: "TA0002", name: "Execution" },
  persistence: { id: "TA0003", name: "Persistence" },
  "privilege-escalation": { id: "TA0004", name: "Privilege Escalation" },
  "defense-evasion": { id: "TA0005", name: "Defense Evasion" },
  "credential-access": { id: "TA0006", name: "Credential Access" },
  discovery: { id: "TA0007", name: "Discovery" },
  "lateral-movement": { id: "TA0008", name: "Lateral Movement" },
  collection: { id: "TA0009", name: "Collection" },
  exfiltration: { id: "TA0010", name: "Exfiltration" },
  "command-and-control": { id: "TA0011", name: "Command and Control" },
  impact: { id: "TA0040", name: "Impact" },
};

const TECHNIQUES: Readonly<Record<string, string>> = {
  T1021: "Remote Services",
  "T1021.002": "SMB/Windows Admin Shares",
  T1046: "Network Service Discovery",
  T1048: "Exfiltration Over Alternative Protocol",
  T1071: "Application Layer Protocol",
  "T1071.002": "File Transfer Protocols",
  T1105: "Ingress Tool Transfer",
  T1133: "External Remote Services",
  T1187: "Forced Authentication",
  T1190: "Exploit Public-Facing Application",
  T1210: "Exploitation of Remote Services",
  T1218: "System Binary Proxy Execution",
  "T1218.011": "Rundll32",
  T1537: "Transfer Data to Cloud Account",
  T1557: "Adversary-in-the-Middle",
  "T1557.001": "LLMNR/NBT-NS Poisoning and SMB Relay",
  T1567: "Exfiltration Over Web Service",
  T1571: "Non-Standard Port",
  T1572: "Protocol Tunneling",
};

/** The name of a technique; its id where the name is not known here. */
export function techniqueName(id: string): string {
  return TECHNIQUES[id] ?? id;
}
