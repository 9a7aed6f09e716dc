/* The table of commands. */
#include <stddef.h>

#include "cli/command.h"

static const char scan_usage[] =
	"tutela scan SBOM [options]          \"-\" reads standard input\n"
	"tutela scan --rootfs DIR [options]  what is installed in a root file system\n"
	"\n"
	"  --kb FILE           knowledge base; else $TUTELA_KB, the user's own, the built-in "
	"starter\n"
	"  --supplement FILE   corrections and support data, merged before the scan\n"
	"  -f, --format NAME   table (default), json, csv, sarif, cyclonedx\n"
	"  -o, --output FILE   write there; the old file stays whole until the new one is "
	"complete\n"
	"  --fail-on POLICY    exit code 1 when a rule is violated: \"critical,kev,high+fixable\"\n"
	"  --min-severity S    leave out findings below none, low, medium, high, critical\n"
	"  --only KEV          show only what is known to be exploited\n"
	"  --kernel-config F   the .config of the kernel that was built, and\n"
	"  --compiled-files F  the list of its compiled files, one a line: vulnerabilities of\n"
	"                      kernel source that is not built are cleared\n"
	"  --since OLD-KB      only what is new, changed or gone since that knowledge base\n"
	"  --vex FILE          apply statements (OpenVEX, CycloneDX, CSAF); may be repeated\n"
	"  --trust-vex         they decide; else they are shown as proposals\n"
	"  --colour WHEN       auto (default), always, never\n"
	"\n"
	"Policy: rules joined by \",\"; terms of a rule by \"+\": any kev fixable undecided "
	"unscored,\n"
	"low medium high critical, severity>=S, cvss>=N, epss>=N; unknown and unidentified are "
	"about\n"
	"components; stale and failed-source about sources of the knowledge base.\n";

static const char explain_usage[] = "tutela explain SBOM COMPONENT [ID] [options]\n"
				    "\n"
				    "Why COMPONENT (a name, name@version, purl or bom-ref) is "
				    "affected or not: every record that\n"
				    "was considered, by which identifier, which range, from whom "
				    "and how old. With ID only that\n"
				    "vulnerability.\n"
				    "\n"
				    "  --kb FILE, --supplement FILE  as for scan\n"
				    "  -f, --format NAME   text (default), json\n"
				    "  --kernel-config F, --compiled-files F   as for scan\n"
				    "  --colour WHEN       auto (default), always, never\n";

static const char sbom_usage[] =
	"tutela sbom show SBOM [--depth N]         what it says of itself; its components as a "
	"tree\n"
	"tutela sbom check SBOM --profile NAME     what it lacks; exit code 1 when that is "
	"required\n"
	"tutela sbom diff A B [--kb FILE]          what changed; exit code 1 when they differ\n"
	"tutela sbom merge A B... --name N --version V [--to FORMAT] [-o FILE] [--flatten] "
	"[--type T]\n"
	"                                          one SBOM of several\n"
	"tutela sbom convert SBOM --to FORMAT [-o FILE]\n"
	"                                          in another format; tells what that cannot "
	"hold\n"
	"\n"
	"      --profile NAME      ntia, fda, cisa-2025, bsi-tr-03183-2\n"
	"      --to FORMAT         cyclonedx-1.6-json, cyclonedx-1.6-xml, spdx-2.3-json, "
	"spdx-2.3-tv,\n"
	"                          spdx-3.0.1-json\n"
	"      --rootfs DIR        show, check and convert what is installed in a root file "
	"system\n"
	"      --supplement FILE   corrections and support data, merged before\n"
	"  -f, --format NAME       table (default), json\n"
	"      --colour WHEN       auto (default), always, never\n";

static const char kb_usage[] =
	"tutela kb build -o FILE INPUT...     feeds: files, folders, zip, tar, gzip, zstd\n"
	"                [--problems FILE] [--keep-going]\n"
	"tutela kb info [FILE]                what it holds, from whom, how old; verifies it\n"
	"tutela kb show ID [--kb FILE]        one vulnerability, each fact with its source\n"
	"tutela kb show PRODUCT               the releases of a product and when support ends\n"
	"tutela kb search WORD... [--kb FILE] [--limit N]\n"
	"tutela kb sync [--source NAME]... [--offline] [--mirror URL] [--config FILE]\n"
	"               [--ca-file FILE] [-o FILE]   fetch what is new, build, swap\n"
	"tutela kb sync --list                       the sources\n"
	"tutela kb keygen -o NAME                    NAME.key signs, NAME.pub verifies\n"
	"tutela kb export --sign KEYFILE -o FILE [--kb FILE] [--base OLD-KB]\n"
	"tutela kb import FILE --trust PUBKEY [--allow-older] [-o FILE]\n"
	"\n"
	"info and show take --format text (default) or json.\n";

static const char version_usage[] =
	"tutela version compare SCHEME A B       prints <, =, > or ?\n"
	"tutela version compare SCHEME -         lines of A, tab, B\n"
	"tutela version in VERS VERSION          prints yes, no or undecided\n"
	"tutela version in -                     lines of VERS, tab, VERSION\n"
	"tutela version in --native SCHEME RANGE VERSION\n"
	"tutela version in --native SCHEME -     lines of RANGE, tab, VERSION\n"
	"tutela version range SCHEME RANGE       prints a native range as vers\n"
	"tutela version range SCHEME -           lines of RANGE\n"
	"tutela version range vers VERS          prints a range in its canonical form\n"
	"tutela version range vers --strict VERS refuses one that is not in that form\n"
	"tutela version range vers [--strict] -  lines of VERS\n"
	"tutela version schemes                  lists the schemes\n";

static const char purl_usage[] = "tutela purl PURL  prints the canonical form\n"
				 "tutela purl -     lines of package URLs\n";

static const char cpe_usage[] =
	"tutela cpe CPE        prints the canonical 2.3 form\n"
	"tutela cpe -          lines of names\n"
	"tutela cpe match A B  prints superset, subset, equal, disjoint or undefined\n"
	"tutela cpe match -    lines of A, tab, B\n";

static const char cvss_usage[] =
	"tutela cvss VECTOR  prints, with tabs between: vector, version, base score, temporal or\n"
	"                    threat score, environmental score, severity; - for what is not\n"
	"                    stated\n"
	"tutela cvss -       lines of vectors; an invalid one is answered with \"error: ...\"\n"
	"  -e, --environment METRICS  a device's own metrics, as in MAV:P/CR:H, put over each\n"
	"                             vector, which is printed with them\n"
	"      --nomenclature         one more column: CVSS-B, CVSS-BT, CVSS-BE or CVSS-BTE\n";

static const char ssvc_usage[] =
	"tutela ssvc TABLE POINT=VALUE...  prints the decision, as in\n"
	"      tutela ssvc cisa-coordinator exploitation=poc automatable=yes \\\n"
	"                  technical-impact=total mission-and-well-being-impact=high\n"
	"tutela ssvc TABLE                 prints the whole table\n"
	"tutela ssvc tables                lists the tables\n"
	"tutela ssvc TABLE -               lines of POINT=VALUE, tab, POINT=VALUE...\n"
	"tutela ssvc -                     the same with TABLE and a tab before\n";

static const char rubric_usage[] =
	"tutela rubric  asks MITRE's questions for applying CVSS v3 to a medical device; prints "
	"the\n"
	"               vector, the answers as an extended vector, the score and its severity\n"
	"  -a, --answers FILE   take the answers from a file (- for standard input): lines of\n"
	"                       ID: yes, no or unknown, or an extended vector\n"
	"      --cvss 3.0|3.1   the version of the vector (3.0, for which FDA qualified it)\n"
	"      --questions      list the questions\n";

static const char csaf_usage[] =
	"tutela csaf validate FILE...    \"-\" reads standard input\n"
	"tutela csaf tests               lists the tests: id, class, versions, title\n"
	"\n"
	"  -f, --format NAME   text (default), json\n"
	"      --tests WORD    mandatory, optional (those too) or all (default)\n"
	"\n"
	"Exit code 1 when a document is not valid: its schema or a mandatory test fails.\n";

static const char vex_usage[] =
	"tutela vex show FILE                   what a document states, whatever its format\n"
	"tutela vex check FILE... --sbom SBOM   which statements apply to it, which do not, why\n"
	"                  [--kb FILE]\n"
	"tutela vex write DEVICE_DIR --format FORMAT [-o FILE]\n"
	"      --format        openvex, cyclonedx, csaf-vex, csaf-advisory, notice-html, "
	"notice-text\n"
	"      --release R     the release it is about (default: every one that decisions name)\n"
	"      --id CVE        only this vulnerability; may be repeated\n"
	"      --previous FILE the document that this one replaces: its history is kept\n"
	"      --at TIME       when it is written (default: now)\n"
	"      --tlp LABEL     CSAF: white (default), green, amber, red\n"
	"\n"
	"show and check take --format text (default) or json.\n";
static const char device_usage[] =
	"tutela device new DIR              a device folder with a commented device.yaml\n"
	"tutela device check DIR [options]  what is wrong or missing in it; exit code 1 on errors\n"
	"  --strict         warnings count as errors\n"
	"  --at TIME        judge as of then (a date, or a time with its zone)\n"
	"  -f, --format F   text (default), json\n";

static const char assess_usage[] =
	"tutela assess DIR [options]  list a release's findings: what is proposed, what is "
	"decided\n"
	"  -r, --release R     the release (default: the newest)\n"
	"  --kb FILE           as for scan\n"
	"  -f, --format NAME   table (default), json\n"
	"  -o, --output FILE   write there\n"
	"  --summary           counts, matrix and next deadline; findings only with --limit,\n"
	"                      in two lines each\n"
	"  --limit N           list the N findings that matter most\n"
	"  -c, --component C   list the findings in this component (name, reference or purl)\n"
	"  --only RULES        list the findings that one of the rules fits: \"kev\",\n"
	"                      \"uncontrolled&!decided\"; the terms are those of --fail-on\n"
	"  --fail-on POLICY    exit code 1 when a rule is violated, by whichever finding, listed "
	"or\n"
	"                      not: \"uncontrolled,undecided>7d,kev&!decided,reopened\"\n"
	"  --at TIME           judge as of then (a date, or a time with its zone)\n"
	"  --colour WHEN       auto (default), always, never\n"
	"\n"
	"Policy: rules joined by \",\"; terms of a rule by \"&\"; \"!\" negates: any undecided\n"
	"undecided>DAYS age>DAYS decided carried reopened uncontrolled controlled closed affected\n"
	"kev fixable harm-unknown expired harm>=LEVEL cvss>=N level>=N.\n";

static const char decide_usage[] =
	"tutela decide DIR ID [options]  write DIR/decisions/NAME.yaml; asks on a terminal for "
	"what\n"
	"                                no option says\n"
	"  -r, --release R  -c, --component NAME  --kb FILE  --file NAME  --dry-run\n"
	"  -s, --status     affected, not_affected, fixed, under_investigation\n"
	"  -j, --justification WORD  --impact TEXT  --rationale TEXT\n"
	"  --exploitability BAND  --harm LEVEL  --privacy LEVEL  --risk controlled|uncontrolled\n"
	"  --controls ID,ID  --remedy WORD  --action TEXT  --fix-release R  --due DATE\n"
	"  --range VERS  --configuration WORD  --expires DATE  --no-carry  --supersedes ID\n"
	"  --by NAME  --role ROLE  --at TIME  --learned-at TIME\n"
	"tutela decide DIR DECISION --event WORD [--at TIME] [--evidence REF] [--contents "
	"WORD,WORD]\n"
	"tutela decide DIR DECISION --correct-learned TIME --reason TEXT --by NAME\n";

static const char clocks_usage[] =
	"tutela clocks DIR [options]  deadlines that run: due, met, missed; evidence that is "
	"lacking\n"
	"  --at TIME          as of then (a date, or a time with its zone)\n"
	"  --kb FILE          as for scan\n"
	"  -f, --format F     text (default), json\n"
	"  --fail-on-missed   exit code 1 when one is missed\n";

static const char report_usage[] =
	"tutela report DIR [options]  one self-contained page: posture, matrix, findings, "
	"decisions,\n"
	"                             clocks, measures, SBOM\n"
	"  -r, --release R     the release (default: the newest)\n"
	"  --kb FILE           as for scan\n"
	"  -f, --format NAME   html\n"
	"  -o, --output FILE   write there (default: standard output)\n"
	"  --at TIME           judge as of then (a date, or a time with its zone)\n";

const struct tu_command tu_commands[] = {
	{"scan", "tell what is vulnerable in an SBOM", scan_usage, tu_cmd_scan},
	{"explain", "tell why a component is affected, or why not", explain_usage, tu_cmd_explain},
	{"sbom", "look into SBOMs, judge and compare them", sbom_usage, tu_cmd_sbom},
	{"kb", "build a knowledge base and ask it", kb_usage, tu_cmd_kb},
	{"version", "compare versions and test ranges", version_usage, tu_cmd_version},
	{"purl", "normalise package URLs", purl_usage, tu_cmd_purl},
	{"cpe", "normalise and match CPE names", cpe_usage, tu_cmd_cpe},
	{"cvss", "score CVSS vectors", cvss_usage, tu_cmd_cvss},
	{"ssvc", "decide by the tables of SSVC", ssvc_usage, tu_cmd_ssvc},
	{"rubric", "apply CVSS v3 to a medical device", rubric_usage, tu_cmd_rubric},
	{"vex", "read, check and write statements about vulnerabilities", vex_usage, tu_cmd_vex},
	{"csaf", "tell whether CSAF documents are valid", csaf_usage, tu_cmd_csaf},
	{"device", "make and check a device folder", device_usage, tu_cmd_device},
	{"assess", "judge a release's findings by its device folder", assess_usage, tu_cmd_assess},
	{"decide", "record what was decided on a finding", decide_usage, tu_cmd_decide},
	{"clocks", "tell which deadlines run, are met or missed", clocks_usage, tu_cmd_clocks},
	{"report", "write a device's assessment as a page for people", report_usage, tu_cmd_report},
};

const size_t tu_command_count = TU_COUNT(tu_commands);
