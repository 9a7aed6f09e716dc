/* tutela admin sso-secret: the secret of the client at the provider of single sign-on. */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/password.h"

struct request {
	const char *data;
	const char *file;
	const char *reason;
};

static int run_secret(int argc, char **argv)
{
	struct request r = {0};
	struct tu_password_from from = {0};
	struct tu_error err = {0};
	struct tu_buf secret;
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_sso_secret, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 1)
		return tu_command_misused(argv[0], "unexpected argument \"%s\"", argv[1]);
	from.file = r.file;
	tu_buf_init(&secret, TU_PASSWORD_LINE_MAX);
	tu_ask_begin(&ask, "admin sso-secret", "sso.secret", r.data);
	status = tu_password_read(&from, &secret, &err);
	tu_json_member_str(&ask.json, "secret", tu_buf_str(&secret));
	tu_json_member_opt(&ask.json, "reason", tu_str_c(r.reason));
	if (!status)
		status = tu_ask(&ask, &err);
	tu_ask_end(&ask);
	tu_password_wipe(&secret);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	TU_OPTION_DATA(struct request, data),
	{"secret-file", 0, "FILE", "Take the secret from the first line of FILE",
		TU_TEXT(struct request, file)},
	TU_OPTION_REASON(struct request, reason),
};

const struct tu_command tu_cmd_admin_sso_secret = {
	.name = "admin sso-secret",
	.summary = "Set the secret of the client at the provider of single sign-on",
	.usage = {"--data DATA [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "On a terminal the secret is asked for, without echo; else it is the first line of"
		 "\nstandard input. It is kept sealed. The service may run, and uses it from then "
		 "on.\n",
	.unconfined = true,
	.run = run_secret,
};
