/** What to change: commands for a person to check and copy, each with the one that takes it back. Nothing is run. */
import type { Answer, Review } from "./review.ts";
import type { ConfigFormat } from "./ruleset.ts";

/** A remedy. `warning` says what else it stops. */
export interface Advice {
  readonly commands: readonly string[];
  readonly undo: readonly string[];
  readonly warning: string;
}

const CLOUD_SHARES =
  "It also stops file shares that a cloud provider serves over SMB, such as Azure Files; allow those by address first.";

/** What would close TCP 139 and 445; undefined where they are blocked. */
export function adviceOf(review: Review): Advice | undefined {
  const open = review.answers.filter(isOpen);
  return open.length === 0 ? undefined : BY_FORMAT[review.ruleset.format](review, open);
}

/** Whether an answer is about SMB itself and is not that it is blocked. */
function isOpen({ service, verdict }: Answer): boolean {
  return service.protocol === 6 && !service.isNote && verdict !== "blocked";
}

const BY_FORMAT: Readonly<Record<ConfigFormat, (review: Review, open: readonly Answer[]) => Advice>> = {
  iptables({ sides }, open) {
    const wan = wordFor(sides.outside, "WAN");
    const match = `-o ${wan} -p tcp -m multiport --dports 139,445 -j REJECT`;
    const lines = chainsOf(open, "FORWARD", "OUTPUT").flatMap((chain) =>
      programsOf(open).map((program) => ({ program, chain })),
    );
    return {
      commands: lines.map(({ program, chain }) => `${program} -I ${chain} 1 ${match}`),
      undo: lines.map(({ program, chain }) => `${program} -D ${chain} ${match}`),
      warning: `${placeholder(wan)}${CLOUD_SHARES}`,
    };
  },
  nftables({ sides }) {
    const wan = wordFor(sides.outside, "WAN");
    return {
      commands: [
        "nft add table inet smb_egress",
        "nft add chain inet smb_egress forward '{ type filter hook forward priority -10; policy accept; }'",
        "nft add chain inet smb_egress output '{ type filter hook output priority -10; policy accept; }'",
        `nft add rule inet smb_egress forward oifname "${wan}" tcp dport '{ 139, 445 }' reject`,
        `nft add rule inet smb_egress output oifname "${wan}" tcp dport '{ 139, 445 }' reject`,
      ],
      undo: ["nft delete table inet smb_egress"],
      warning: `${placeholder(wan)}${CLOUD_SHARES}`,
    };
  },
  panos({ sides }) {
    const [from, to] = [wordFor(sides.inside, "INSIDE"), wordFor(sides.outside, "OUTSIDE")];
    return {
      commands: [
        "set service smb-tcp protocol tcp port 139,445",
        `set rulebase security rules block-smb-out from ${from} to ${to} source any destination any application any service smb-tcp action reset-both log-end yes`,
        "move rulebase security rules block-smb-out top",
        "commit",
      ],
      undo: ["delete rulebase security rules block-smb-out", "delete service smb-tcp", "commit"],
      warning: CLOUD_SHARES,
    };
  },
  "aws-security-group"({ ruleset }) {
    const group = wordFor([ruleset.name], "GROUP");
    return {
      commands: [
        `aws ec2 describe-security-group-rules --filters Name=group-id,Values=${group}`,
        `aws ec2 revoke-security-group-egress --group-id ${group} --security-group-rule-ids RULE`,
      ],
      undo: [
        `aws ec2 authorize-security-group-egress --group-id ${group} --ip-permissions 'IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]'`,
      ],
      warning: `A group cannot deny: allow what is needed first, then put the id of the rule that is named above for RULE; write its own ports and networks into the command that takes it back. ${CLOUD_SHARES}`,
    };
  },
  "aws-network-acl"({ ruleset }) {
    const entry = `--network-acl-id ${wordFor([ruleset.name], "ACL")} --egress --rule-number`;
    const deny = (number: number, port: number, cidr: string): string =>
      `aws ec2 create-network-acl-entry ${entry} ${number} --protocol tcp --port-range From=${port},To=${port} ${cidr} --rule-action deny`;
    return {
      commands: [
        deny(1, 445, "--cidr-block 0.0.0.0/0"),
        deny(2, 139, "--cidr-block 0.0.0.0/0"),
        deny(3, 445, "--ipv6-cidr-block ::/0"),
        deny(4, 139, "--ipv6-cidr-block ::/0"),
      ],
      undo: [1, 2, 3, 4].map((number) => `aws ec2 delete-network-acl-entry ${entry} ${number}`),
      warning: `It also stops SMB to your other subnets: allow those with a lower rule number first. ${CLOUD_SHARES}`,
    };
  },
};

function programsOf(open: readonly Answer[]): readonly string[] {
  return [4, 6]
    .filter((family) => open.some((answer) => answer.family === family))
    .map((family) => (family === 4 ? "iptables" : "ip6tables"));
}

function chainsOf(open: readonly Answer[], transit: string, host: string): readonly string[] {
  return [
    ...(open.some(({ path }) => path === "transit") ? [transit] : []),
    ...(open.some(({ path }) => path === "host") ? [host] : []),
  ];
}

/** A name from the configuration goes into a command only where no shell would act on it. */
function wordFor(names: readonly string[], otherwise: string): string {
  return names.find((name) => /^[A-Za-z0-9][\w.+-]*$/.test(name)) ?? otherwise;
}

function placeholder(wan: string): string {
  return wan === "WAN" ? "Put the name of the interface to the Internet for WAN. " : "";
}
