/** The flags of `sallyport audit`; the body is loaded when it is needed. */
import { type Command, Option } from "commander";
import type { AuditFlags } from "./audit.ts";
import { addOptions, collect, outputOption, type SetExit } from "./flags.ts";

/** Adds `sallyport audit firewall`. */
export function addAudit(program: Command, setExit: SetExit): void {
  const command = program
    .command("audit")
    .description("review configurations: may SMB leave?")
    .command("firewall")
    .description("whether firewall rules let SMB out to the Internet, and which rule decides")
    .argument(
      "<config...>",
      "iptables-save, nft -j list ruleset, PAN-OS XML, AWS security groups and network ACLs; - for standard input",
    )
    .option("--zone-inside <name>", "zone or interface that leads inside; may repeat", collect)
    .option("--zone-outside <name>", "zone or interface that leads to the Internet; may repeat", collect)
    .addOption(outputOption(["table", "json", "markdown"]))
    .addOption(
      new Option("--fail-on <verdict>", "exit with 1 when TCP 139 or 445 may leave").choices(["allowed"]),
    );
  addOptions(command, ["site", "internal", "debug"]);
  command.action(async (configs: string[], flags: AuditFlags) => {
    const { auditFirewall } = await import("./audit.ts");
    setExit(await auditFirewall(configs, flags));
  });
}
