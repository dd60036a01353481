/** The flags of `sallyport audit`; the body is loaded when it is needed. */
import { type Command, Option } from "commander";
import { OPTIONS } from "../options.ts";
import type { AuditFlags } from "./audit.ts";

/** Adds `sallyport audit firewall`. */
export function addAudit(program: Command, setExit: (code: number) => void): void {
  const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  program
    .command("audit")
    .description("review configurations: may SMB leave?")
    .command("firewall")
    .description("whether firewall rules let SMB out to the Internet, and which rule decides")
    .argument(
      "<config...>",
      "iptables-save, nft -j list ruleset, PAN-OS XML, AWS security groups and network ACLs; - for standard input",
    )
    .option(OPTIONS.site.flag, OPTIONS.site.doc)
    .option(OPTIONS.internal.flag, OPTIONS.internal.doc, collect)
    .option("--zone-inside <name>", "zone or interface that leads inside; may repeat", collect)
    .option("--zone-outside <name>", "zone or interface that leads to the Internet; may repeat", collect)
    .addOption(
      new Option("-o, --output <name>", "how it is printed")
        .choices(["table", "json", "markdown"])
        .default("table"),
    )
    .addOption(
      new Option("--fail-on <verdict>", "exit with 1 when TCP 139 or 445 may leave").choices(["allowed"]),
    )
    .option("--debug", OPTIONS.debug.doc)
    .action(async (configs: string[], flags: AuditFlags) => {
      const { auditFirewall } = await import("./audit.ts");
      setExit(await auditFirewall(configs, flags));
    });
}
