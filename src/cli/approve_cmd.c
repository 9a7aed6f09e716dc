/* tutela proposals, approve, reject: what waits to be decided, and deciding it. */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/sha256.h"
#include "base/time.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/password.h"
#include "show/paint.h"

enum { DAY = 86400, HOUR = 3600, ZONE = 8, LINE_MAX_BYTES = 1 << 20 };

struct request {
	const char *in;
	const char *by;
	const char *reason;
	const char *format;
	const char *password_file;
};

/* ---- text of others, on a terminal ---- */

static void print_text(struct tu_str text)
{
	struct tu_buf line;
	const struct tu_paint paint = {&line, false};

	tu_buf_init(&line, LINE_MAX_BYTES);
	tu_paint(&paint, TU_HUE_PLAIN, text);
	printf("%.*s", TU_STR_FMT(tu_buf_str(&line)));
	tu_buf_done(&line);
}

static void print_row(const char *label, struct tu_str text)
{
	printf("%-9s ", label);
	print_text(text);
	putchar('\n');
}

static void print_lines(struct tu_str text)
{
	struct tu_str line;

	while (tu_str_split(&text, '\n', &line)) {
		printf("    ");
		print_text(line);
		putchar('\n');
	}
}

static struct tu_str author_of(struct tu_json proposal)
{
	struct tu_str name = TU_JSON_STR(proposal, "author_name");

	return name.len ? name : TU_JSON_STR(proposal, "author");
}

/* ---- proposals ---- */

static void print_age(struct tu_json proposal, struct tu_str now)
{
	int64_t from = 0, to = 0;

	if (!tu_time_parse(TU_JSON_STR(proposal, "proposed"), &from) || !tu_time_parse(now, &to) ||
		to < from)
		printf("%6s  ", "?");
	else if (to - from < DAY)
		printf("%4lld h  ", (long long)((to - from) / HOUR));
	else
		printf("%4lld d  ", (long long)((to - from) / DAY));
}

/* "1 of 2"; "0 of ?" where what is stored of the device cannot be read. */
static void print_count(struct tu_json proposal)
{
	unsigned long long needed = tu_ask_number(proposal, "needed");

	printf("%llu of ", (unsigned long long)tu_ask_number(proposal, "approvals"));
	if (needed)
		printf("%llu", needed);
	else
		putchar('?');
}

static void print_proposal(struct tu_json proposal, struct tu_str now)
{
	print_age(proposal, now);
	print_count(proposal);
	printf("  ");
	print_text(TU_JSON_STR(proposal, "device"));
	printf("  ");
	print_text(TU_JSON_STR(proposal, "decision"));
	printf("  ");
	print_text(TU_JSON_STR(proposal, "vulnerability"));
	printf("  ");
	print_text(TU_JSON_STR(proposal, "status"));
	printf("  by ");
	print_text(author_of(proposal));
	putchar('\n');
}

static void print_proposals(struct tu_json said)
{
	struct tu_json_iter all = tu_json_iter(tu_json_get(said, TU_STR("proposals")));
	struct tu_json proposal;
	size_t count = 0;

	for (; tu_json_next_item(&all, &proposal); count++)
		print_proposal(proposal, TU_JSON_STR(said, "now"));
	all = tu_json_iter(tu_json_get(said, TU_STR("not_read")));
	for (; tu_json_next_item(&all, &proposal); count++) {
		printf("not read: ");
		print_text(TU_JSON_STR(proposal, "device"));
		printf(": nobody knows what waits of it: ");
		print_text(TU_JSON_STR(proposal, "why"));
		putchar('\n');
	}
	if (!count)
		printf("nothing waits to be approved\n");
}

static int run_proposals(int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_proposals, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc > 2)
		return tu_command_misused(argv[0], "expected at most one device");
	tu_ask_begin(&ask, "proposals", "proposals", r.in);
	tu_json_member_opt(&ask.json, "device", tu_str_c(argc > 1 ? argv[1] : NULL));
	status = tu_ask(&ask, &err);
	if (!status && tu_options_json(r.format))
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&ask.answer)));
	else if (!status)
		print_proposals(ask.said);
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

/* ---- deciding ---- */

/* What the store refuses is no wrong command line. */
static int failed(const char *command, enum tu_status status, const struct tu_error *err)
{
	int code = tu_command_failed(command, err);

	return status == TU_E_USAGE || status == TU_E_CONSTRAINT || status == TU_E_CONFLICT ||
			strcmp(err->pointer, "signin-wait") == 0
		? TU_EXIT_POLICY
		: code;
}

/* The offset of this machine's zone now: "+01:00". */
static void write_zone(char out[ZONE])
{
	time_t now = time(NULL);
	struct tm local;
	long minutes = localtime_r(&now, &local) ? local.tm_gmtoff / 60 : 0;

	if (minutes)
		(void)snprintf(out, ZONE, "%c%02ld:%02ld", minutes < 0 ? '-' : '+',
			labs(minutes) / 60 % 24, labs(minutes) % 60);
	else
		(void)snprintf(out, ZONE, "Z");
}

static void print_approvals(struct tu_json proposal)
{
	struct tu_json_iter by = tu_json_iter(tu_json_get(proposal, TU_STR("by")));
	struct tu_json one;

	printf("%-9s ", "approved");
	print_count(proposal);
	while (tu_json_next_item(&by, &one)) {
		printf(", by ");
		print_text(TU_JSON_STR(one, "name"));
		printf(" (%.*s)", TU_STR_FMT(TU_JSON_STR(one, "at")));
	}
	putchar('\n');
}

/* One decision that a person looks at, then acts on. */
struct deciding {
	const char *call; /* approve, reject */
	const struct request *request;
	bool rejects;
	char zone[ZONE];
	uint8_t digest[TU_SHA256_BYTES]; /* of the text that is shown */
	struct tu_ask shown, done;
};

static void print_what(const struct deciding *d)
{
	struct tu_json said = d->shown.said;
	struct tu_str name = TU_JSON_STR(said, "printed_name");
	struct tu_buf text;

	print_row("device", TU_JSON_STR(said, "device"));
	print_row("decision", TU_JSON_STR(said, "decision"));
	print_lines(TU_JSON_STR(said, "text"));
	tu_buf_init(&text, 1024);
	tu_sha256_write(d->digest, &text);
	print_row("sha256", tu_buf_str(&text));
	tu_buf_done(&text);
	print_row("author", author_of(said));
	print_row("proposed", TU_JSON_STR(said, "proposed"));
	print_approvals(said);
	print_row("meaning", d->rejects ? TU_STR("rejection") : TU_STR("approval"));
	print_row("as", name.len ? name : tu_str_c(d->request->by));
	if (!d->rejects)
		printf("%-9s %.*s, zone %s\n", "now", TU_STR_FMT(TU_JSON_STR(said, "now")),
			d->zone);
	(void)fflush(stdout);
}

static enum tu_status look(struct deciding *d, char **argv, struct tu_error *err)
{
	enum tu_status status;

	tu_ask_begin(&d->shown, d->call, "proposal", d->request->in);
	tu_json_member_str(&d->shown.json, "device", tu_str_c(argv[1]));
	tu_json_member_str(&d->shown.json, "decision", tu_str_c(argv[2]));
	tu_json_member_str(&d->shown.json, "by", tu_str_c(d->request->by));
	status = tu_ask(&d->shown, err);
	if (!status && tu_sha256(TU_JSON_STR(d->shown.said, "text"), d->digest))
		status = tu_no_memory(err);
	if (!status)
		print_what(d);
	return status;
}

/* What a person proves who they are with; wiped after it was sent. */
struct secrets {
	struct tu_buf password, code;
};

static void write_decision(
	const struct deciding *d, const struct secrets *secrets, struct tu_json_writer *json)
{
	struct tu_json said = d->shown.said;
	size_t start;

	tu_json_member_str(json, "id", TU_JSON_STR(said, "id"));
	tu_json_member_int(json, "version", (int64_t)tu_ask_number(said, "version"));
	tu_json_key(json, "sha256");
	start = tu_json_open_text(json);
	tu_sha256_write(d->digest, json->buf);
	tu_json_close_text(json, start);
	tu_json_member_str(json, "by", tu_str_c(d->request->by));
	tu_json_member_str(json, "password", tu_buf_str(&secrets->password));
	tu_json_member_opt(json, "code", tu_buf_str(&secrets->code));
	tu_json_member_str(json, "zone", tu_str_c(d->zone));
	tu_json_member_opt(json, "reason", tu_str_c(d->request->reason));
}

static enum tu_status send(struct deciding *d, const struct secrets *secrets, struct tu_error *err)
{
	tu_ask_begin(&d->done, d->call, d->call, d->request->in);
	write_decision(d, secrets, &d->done.json);
	return tu_ask(&d->done, err);
}

/* The code is asked for when the store wants one: nothing has been done then. */
static enum tu_status decide(struct deciding *d, struct tu_error *err)
{
	struct tu_password_from from = {.file = d->request->password_file};
	struct secrets secrets;
	enum tu_status status;

	tu_buf_init(&secrets.password, TU_PASSWORD_LINE_MAX);
	tu_buf_init(&secrets.code, TU_PASSWORD_LINE_MAX);
	status = tu_password_read(&from, &secrets.password, err);
	if (!status)
		status = send(d, &secrets, err);
	if (status == TU_E_CONSTRAINT && strcmp(err->pointer, "code") == 0) {
		tu_ask_end(&d->done);
		d->done.call = NULL;
		from.code = true;
		status = tu_password_read(&from, &secrets.code, err);
		if (!status)
			status = send(d, &secrets, err);
	}
	tu_password_wipe(&secrets.password);
	tu_password_wipe(&secrets.code);
	return status;
}

static void print_outcome(const struct deciding *d)
{
	struct tu_json said = d->done.said;
	unsigned long long reopened = tu_ask_number(said, "reopened");

	if (d->rejects) {
		printf("rejected\n");
		return;
	}
	print_row("signed", TU_JSON_STR(said, "signed"));
	if (!tu_json_true(tu_json_get(said, TU_STR("approved")))) {
		printf("still proposed: %llu of %llu approvals\n",
			(unsigned long long)tu_ask_number(said, "approvals"),
			(unsigned long long)tu_ask_number(said, "needed"));
		return;
	}
	printf("approved: applies to %llu findings of %llu releases",
		(unsigned long long)tu_ask_number(said, "findings"),
		(unsigned long long)tu_ask_number(said, "releases"));
	if (reopened)
		printf("; %llu findings are open again", reopened);
	putchar('\n');
}

static int run(const struct tu_command *row, const char *call, int argc, char **argv)
{
	struct request r = {0};
	struct deciding d = {.call = call, .request = &r, .rejects = row == &tu_cmd_reject};
	struct tu_error err = {0};
	enum tu_status status;

	if (!tu_options_take(row, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 3)
		return tu_command_misused(argv[0], "expected a device and one of its decisions");
	write_zone(d.zone);
	status = look(&d, argv, &err);
	if (!status)
		status = decide(&d, &err);
	if (!status)
		print_outcome(&d);
	if (d.done.call)
		tu_ask_end(&d.done);
	tu_ask_end(&d.shown);
	return status ? failed(argv[0], status, &err) : TU_EXIT_OK;
}

static int run_approve(int argc, char **argv)
{
	return run(&tu_cmd_approve, "approve", argc, argv);
}

static int run_reject(int argc, char **argv)
{
	return run(&tu_cmd_reject, "reject", argc, argv);
}

/* ---- the rows ---- */

#define STORE \
	{ \
		"in", 0, "STORE", "Look into the data folder STORE, or a URL \"postgresql://…\"", \
			TU_TEXT(struct request, in), .required = true \
	}
#define BY \
	{ \
		"by", 0, "LOGIN", "Act as this user, who enters their password", \
			TU_TEXT(struct request, by), .required = true \
	}
#define PASSWORD \
	{ \
		"password-file", 0, "FILE", "Take the password from the first line of FILE", \
			TU_TEXT(struct request, password_file) \
	}

static const struct tu_option proposals_options[] = {
	STORE,
	TU_OPTION_TEXT_OR_JSON(struct request, format),
};

static const struct tu_option approve_options[] = {
	STORE,
	BY,
	{"reason", 0, "TEXT", "Record why", TU_TEXT(struct request, reason)},
	PASSWORD,
};

static const struct tu_option reject_options[] = {
	STORE,
	BY,
	{"reason", 0, "TEXT", "Record why", TU_TEXT(struct request, reason), .required = true},
	PASSWORD,
};

const struct tu_command tu_cmd_proposals = {
	.name = "proposals",
	.summary = "List the decisions of a store that wait to be approved",
	.usage = {"[DEVICE] --in STORE [OPTION...]"},
	TU_OPTIONS(proposals_options),
	.notes = "The oldest first: its age, how many approvals it has of how many that the policy "
		 "of the\ndevice asks for, device, decision, vulnerability, status and author.\n",
	.unconfined = true,
	.run = run_proposals,
};

const struct tu_command tu_cmd_approve = {
	.name = "approve",
	.summary = "Approve a decision that was pushed into a store",
	.usage = {"DEVICE DECISION --in STORE --by LOGIN [OPTION...]"},
	TU_OPTIONS(approve_options),
	.notes =
		"DECISION is the name of its file, with or without .yaml, its id, or its id in the "
		"store.\nWhat is signed is shown; then the password is asked for, or read from "
		"standard input where\nthat is no terminal, and so is a code of the authenticator, "
		"in the "
		"second line, where the\naccount has one. Nobody approves their own work. Where "
		"the policy of the device asks for\ntwo persons, the decision stays proposed until "
		"both have signed. The exit code is 1 when\nthe store refuses it.\n",
	.unconfined = true,
	.run = run_approve,
};

const struct tu_command tu_cmd_reject = {
	.name = "reject",
	.summary = "Reject a decision that was pushed into a store",
	.usage = {"DEVICE DECISION --in STORE --by LOGIN --reason TEXT [OPTION...]"},
	TU_OPTIONS(reject_options),
	.notes = "As approve, by whoever may review decisions; authors can so take their own "
		 "back.\n",
	.unconfined = true,
	.run = run_reject,
};
