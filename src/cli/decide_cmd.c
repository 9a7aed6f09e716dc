/* tutela decide: write one decision, by options or asked on a terminal. */
#include <unistd.h>

#include "app/output.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/decide_ask.h"
#include "cli/options.h"

static const char name[] = "decide";

#define NAMED(word_name, type, first, last, name_of) \
	static const char *word_name(size_t index) \
	{ \
		size_t value = index + (first); \
\
		return value <= (last) ? name_of((type)value) : NULL; \
	}

NAMED(status_word, enum tu_claim_status, TU_CLAIM_UNDER_INVESTIGATION, TU_CLAIM_FIXED,
	tu_claim_status_name)
NAMED(justification_word, enum tu_justification, TU_JUSTIFY_COMPONENT_NOT_PRESENT,
	TU_JUSTIFY_INLINE_MITIGATIONS, tu_justification_name)
NAMED(remedy_word, enum tu_remediation, TU_REMEDY_VENDOR_FIX, TU_REMEDY_NO_FIX_PLANNED,
	tu_remediation_name)
NAMED(harm_word, enum tu_harm, TU_HARM_UNKNOWN, TU_HARM_CATASTROPHIC, tu_harm_name)
NAMED(privacy_word, enum tu_privacy, TU_PRIVACY_UNKNOWN, TU_PRIVACY_SERIOUS, tu_privacy_name)
NAMED(risk_word, enum tu_risk, TU_RISK_CONTROLLED, TU_RISK_UNCONTROLLED, tu_risk_name)

static bool read_request(int argc, char **argv, struct tu_decide_request *r)
{
	if (!tu_options_take(&tu_cmd_decide, &argc, argv, r))
		return false;
	if (argc != 3) {
		tu_command_misused(name,
			"expected a device folder and a vulnerability id (or, with "
			"--event, --correct-event or --correct-learned, a decision's id)");
		return false;
	}
	r->assessing.folder = argv[1];
	r->vulnerability = argv[2];
	return tu_context_time(name, "at", r->at, &r->assessing.at) &&
		tu_context_time(name, "at", NULL, &r->now);
}

/* The path of what was written; on trial the text itself. */
static enum tu_status print(const struct tu_deciding *d, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, NULL, err);

	if (status != TU_OK)
		return status;
	if (d->request->dry_run)
		tu_buf_str_add(&output.sink.buf, tu_buf_str(&d->text));
	else
		tu_buf_printf(&output.sink.buf, "%s\n", d->path.ptr);
	return tu_output_close(&output, err);
}

static int run_decide(int argc, char **argv)
{
	struct tu_decide_request request = {0};
	struct tu_deciding deciding;
	struct tu_error err = {0};
	enum tu_status status;

	if (!read_request(argc, argv, &request))
		return TU_EXIT_USAGE;
	if (isatty(STDIN_FILENO))
		request.ask = tu_decide_ask;
	status = tu_app_decide(tu_context(), &request, &deciding, &err);
	if (status == TU_OK)
		status = print(&deciding, &err);
	for (size_t i = 0; i < deciding.warnings.count && status == TU_OK; i++)
		tu_command_warn(name, "%.*s", TU_STR_FMT(deciding.warnings.at[i]));
	tu_decide_done(&deciding);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	{"release", 'r', "VERSION", "Decide on a finding of this release (default: the newest)",
		TU_TEXT(struct tu_decide_request, assessing.release)},
	{"component", 'c', "NAME",
		"Choose the component, by name, reference or purl, when several have the "
		"vulnerability",
		TU_TEXT(struct tu_decide_request, component)},
	{"kb", 0, "FILE", "Use this knowledge base; see tutela(1) for the default",
		TU_TEXT(struct tu_decide_request, assessing.kb)},
	{"status", 's', "STATUS", "Record this status", TU_TEXT(struct tu_decide_request, status),
		.word = status_word},
	{"justification", 'j', "WORD", "Say why the device is not affected",
		TU_TEXT(struct tu_decide_request, justification), .word = justification_word},
	{"impact", 0, "TEXT", "Explain for others why the device is not affected",
		TU_TEXT(struct tu_decide_request, impact)},
	{"rationale", 0, "TEXT", "Explain the decision for the file",
		TU_TEXT(struct tu_decide_request, rationale)},
	{"exploitability", 0, "BAND", "Record this band of the maker's policy",
		TU_TEXT(struct tu_decide_request, exploitability)},
	{"harm", 0, "LEVEL", "Record this severity of harm",
		TU_TEXT(struct tu_decide_request, harm), .word = harm_word},
	{"privacy", 0, "LEVEL", "Record this severity for privacy",
		TU_TEXT(struct tu_decide_request, privacy), .word = privacy_word},
	{"risk", 0, "RISK", "Record this risk", TU_TEXT(struct tu_decide_request, risk),
		.word = risk_word},
	{"controls", 0, "ID,ID", "Name the controls of the device that the decision relies on",
		TU_TEXT(struct tu_decide_request, controls)},
	{"remedy", 0, "WORD", "Record what is planned or advised",
		TU_TEXT(struct tu_decide_request, remedy), .word = remedy_word},
	{"action", 0, "TEXT", "Describe the remedy", TU_TEXT(struct tu_decide_request, action)},
	{"fix-release", 0, "VERSION", "Name the release that fixes it",
		TU_TEXT(struct tu_decide_request, fix_release)},
	{"due", 0, "DATE", "Record when the fix is due", TU_TEXT(struct tu_decide_request, due)},
	{"range", 0, "VERS", "Limit the decision to versions of the component in this range",
		TU_TEXT(struct tu_decide_request, range)},
	{"configuration", 0, "WORD", "Limit the decision to this configuration",
		TU_TEXT(struct tu_decide_request, configuration)},
	{"expires", 0, "DATE", "End the decision on this day",
		TU_TEXT(struct tu_decide_request, expires)},
	{"no-carry", 0, NULL, "Do not carry the decision to later releases",
		TU_FLAG(struct tu_decide_request, no_carry)},
	{"supersedes", 0, "ID", "Replace this decision",
		TU_TEXT(struct tu_decide_request, supersedes)},
	{"by", 0, "NAME", "Record who decided", TU_TEXT(struct tu_decide_request, by)},
	{"role", 0, "ROLE", "Record the role of that person",
		TU_TEXT(struct tu_decide_request, role)},
	{"at", 0, "TIME", "Record when it was decided, or when the event happened (default: now)",
		TU_TEXT(struct tu_decide_request, at)},
	{"learned-at", 0, "TIME",
		"Record when the maker learned of the vulnerability (default: now)",
		TU_TEXT(struct tu_decide_request, learned)},
	{"file", 0, "NAME",
		"Write decisions/NAME.yaml (default: made from vulnerability, component and "
		"release)",
		TU_TEXT(struct tu_decide_request, file)},
	{"dry-run", 0, NULL, "Write to standard output instead",
		TU_FLAG(struct tu_decide_request, dry_run)},
	{"event", 0, "WORD", "Add this event to the decision",
		TU_TEXT(struct tu_decide_request, event)},
	{"evidence", 0, "REF", "Name the evidence of the event",
		TU_TEXT(struct tu_decide_request, evidence)},
	{"contents", 0, "WORD,WORD", "List what the evidence contains",
		TU_TEXT(struct tu_decide_request, contents)},
	{"correct-learned", 0, "TIME", "Correct when the maker learned of the vulnerability",
		TU_TEXT(struct tu_decide_request, correct_learned)},
	{"correct-event", 0, "WORD[@TIME]", "Correct this event, by what the options above state",
		TU_TEXT(struct tu_decide_request, correct_event)},
	{"taken-back", 0, NULL, "Say that this event did not happen",
		TU_FLAG(struct tu_decide_request, taken_back)},
	{"reason", 0, "TEXT", "Say why that is corrected",
		TU_TEXT(struct tu_decide_request, reason)},
};

const struct tu_command tu_cmd_decide = {
	.name = "decide",
	.summary = "Record a decision on a finding",
	.usage = {"DIR ID [OPTION...]",
		"DIR DECISION --event WORD [--at TIME] [--evidence REF] [--contents WORD,WORD]",
		"DIR DECISION --correct-event WORD[@TIME] --reason TEXT --by NAME [OPTION...]",
		"DIR DECISION --correct-learned TIME --reason TEXT --by NAME"},
	TU_OPTIONS(options),
	.notes = "DIR is a device folder, ID a vulnerability, DECISION the id of a decision. Asks "
		 "on a\n"
		 "terminal for what no option states.\n",
	.unconfined = true,
	.run = run_decide,
};
