/* tutela serve: the service on a data folder, with its door for HTTP. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "access/setup.h"
#include "access/sso.h"
#include "api/dispatch.h"
#include "api/events.h"
#include "api/operations.h"
#include "cli/command.h"
#include "cli/config.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/environment.h"
#include "cli/reach.h"
#include "cli/serve_log.h"
#include "cli/serve_options.h"
#include "connect/csaf/operations.h"
#include "connect/dtrack/operations.h"
#include "connect/report/operations.h"
#include "connect/tea/operations.h"
#include "datadir/notify.h"

static sigset_t waited_for(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	return set;
}

/* ---- reading again ---- */

static void set_limits(const int64_t limits[TU_ACCESS_LIMITS])
{
	for (unsigned i = 0; i < TU_ACCESS_LIMITS; i++)
		tu_access_limit_set((enum tu_access_limit)i, limits[i]);
}

static void read_yaml(struct tu_service *service)
{
	struct tu_error err = {0};

	if (tu_service_reload(service, &err) == TU_OK)
		return;
	(void)tu_error_prefix(&err, "tutela.yaml is not read again, and counts as it was");
	tu_serve_log_service(NULL, TU_SERVICE_ERROR, err.message);
}

/* What was given when it started stays for all but the limits of access/: their names, for the log.
 */
static void say_restart(const struct tu_serve_request *before, const struct tu_serve_request *now)
{
	struct tu_buf names;

	tu_buf_init(&names, 4096);
	tu_buf_c(&names, "these options count from the next start on:");
	if (tu_serve_differ(before, now, &names) && !names.failed) {
		tu_buf_byte(&names, '\0');
		if (!names.failed)
			tu_serve_log_service(NULL, TU_SERVICE_WARNING, names.ptr);
	}
	tu_buf_done(&names);
}

static void read_options(const struct tu_serve_request *before)
{
	struct tu_serve_request now = {0};
	struct tu_serve_places places;
	struct tu_http_options options;
	struct tu_config config = {0};
	int64_t limits[TU_ACCESS_LIMITS];
	struct tu_error err = {0};
	int argc;
	char **argv;
	enum tu_status status = tu_config_again(&config, &tu_cmd_serve, &argc, &argv, &err);

	if (status == TU_OK && !tu_options_take(&tu_cmd_serve, &argc, argv, &now))
		status = tu_fail(&err, TU_E_USAGE, 0, "see standard error");
	if (status == TU_OK)
		status = tu_serve_read(&now, &places, &options, &err);
	if (status == TU_OK)
		status = tu_serve_read_limits(&now, limits, &err);
	if (status == TU_OK) {
		set_limits(limits);
		say_restart(before, &now);
	} else {
		(void)tu_error_prefix(&err, "options are not read again, and count as they were");
		tu_serve_log_service(NULL, TU_SERVICE_ERROR, err.message);
	}
	tu_config_done(&config);
}

/* Until a signal or the control socket ends it. */
static void wait_for_end(
	struct tu_service *service, struct tu_http *server, const struct tu_serve_request *now)
{
	const struct timespec second = {.tv_sec = 1};
	const sigset_t set = waited_for();

	while (!tu_service_stopping(service)) {
		int number = sigtimedwait(&set, NULL, &second);

		if (number == SIGTERM || number == SIGINT) {
			tu_serve_log_service(NULL, TU_SERVICE_INFO, "asked to stop");
			return;
		}
		if (number == SIGHUP) {
			tu_serve_log_service(NULL, TU_SERVICE_INFO,
				"reads options and tutela.yaml again, looks for work, a new "
				"knowledge base and a new certificate");
			read_yaml(service);
			read_options(now);
			tu_service_wake(service);
			tu_http_reload(server);
		}
	}
}

static const char *scheme_of(const struct tu_http_options *options)
{
	return options->tls_certificate ? "https" : "http";
}

/* "listening on http://127.0.0.1:8080", a line for each address. */
static void say_addresses(const struct tu_http *server, const struct tu_http_options *options)
{

	for (size_t i = 0; i < options->listen_count; i++) {
		struct tu_str place = options->listen[i];

		if (tu_str_starts(place, TU_STR("unix:")))
			printf("listening on %.*s\n", TU_STR_FMT(place));
		else
			printf("listening on %s://%.*s:%u\n", scheme_of(options),
				TU_STR_FMT(tu_str_first(place, tu_str_rfind(place, ':'))),
				tu_http_port(server, i));
	}
	(void)fflush(stdout);
}

/* While nobody administrates: a link by which somebody becomes the first who does, once. The token
 * comes after "#", which browsers do not send and logs do not have. */
static enum tu_status say_setup(struct tu_service *service, const struct tu_http *server,
	const struct tu_http_options *options, struct tu_error *err)
{
	const struct tu_audit_act act = {.at = tu_service_now(service), .actor = TU_STR("setup")};
	char token[TU_SETUP_DIGITS + 1];
	bool due;
	enum tu_status status = tu_setup_due(tu_service_store(service), &due, err);

	if (status == TU_OK && due)
		status = tu_setup_make(tu_service_store(service), &act, token, err);
	if (status != TU_OK || !due)
		return status == TU_E_CONFLICT ? TU_OK : status;
	printf("set up the first administrator within 24 hours: ");
	if (options->public_host_count)
		printf("%s://%.*s", options->public_https ? "https" : scheme_of(options),
			TU_STR_FMT(options->public_hosts[0]));
	else
		printf("%s://localhost:%u", scheme_of(options), tu_http_port(server, 0));
	printf("/setup#%s\n", token);
	(void)fflush(stdout);
	return TU_OK;
}

static enum tu_status run_server(struct tu_api *api, struct tu_http_options *options,
	const struct tu_serve_request *request, struct tu_error *err)
{
	const char *watcher = tu_user_variable("NOTIFY_SOCKET");
	struct tu_http *server;
	enum tu_status status;

	options->handle = tu_api_handle;
	options->limits = tu_api_limits;
	options->log = tu_serve_log_request;
	options->trouble = tu_serve_log_trouble;
	options->self = api;
	options->rates = tu_api_rates;
	options->rate_count = tu_api_rate_count;
	status = tu_http_start(options, &server, err);
	if (status != TU_OK)
		return status;
	say_addresses(server, options);
	status = say_setup(api->service, server, options, err);
	if (status == TU_OK) {
		tu_notify(watcher, "READY=1");
		wait_for_end(api->service, server, request);
	}
	tu_notify(watcher, "STOPPING=1");
	tu_api_events_halt(api->events);
	tu_http_stop(server);
	return status;
}

/* The protocols of the service. */
static const struct tu_api_door *const door_rows[] = {
	&tu_api_door, &tu_csaf_door, &tu_dtrack_door, &tu_report_door, &tu_tea_door};
static const struct tu_api_doors doors = {door_rows, TU_COUNT(door_rows)};

static enum tu_status serve(struct tu_service *service, struct tu_http_options *options,
	const struct tu_serve_request *request, struct tu_error *err)
{
	struct tu_api api = {.doors = &doors, .service = service, .log = tu_serve_log_inside};
	enum tu_status status = tu_sso_new(&api.sso, err);

	if (status == TU_OK)
		status = tu_api_events_start(service, &api.events, err);
	if (status == TU_OK) {
		status = run_server(&api, options, request, err);
		tu_api_events_free(api.events);
	}
	tu_sso_free(api.sso);
	return status;
}

static int run_serve(int argc, char **argv)
{
	struct tu_serve_request request = {0};
	struct tu_serve_places places;
	int64_t limits[TU_ACCESS_LIMITS];
	struct tu_http_options options;
	struct tu_service_options start = {.host = tu_reach_host("serve"),
		.log = tu_serve_log_service,
		.starter = tu_context()->starter,
		.product_names = tu_context()->product_names,
		.proxy = tu_user_proxy(),
		.no_proxy = tu_user_no_proxy()};
	struct tu_service *service;
	struct tu_error err = {0};
	const sigset_t set = waited_for();
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_serve, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 1)
		return tu_command_misused(argv[0], "unexpected argument \"%s\"", argv[1]);
	if (tu_serve_read(&request, &places, &options, &err) != TU_OK ||
		tu_serve_read_limits(&request, limits, &err) != TU_OK)
		return tu_command_misused(argv[0], "%s", err.message);
	set_limits(limits);
	/* every thread and process that is started from here on leaves them to this one */
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	start.data = request.data;
	start.public_url = request.public_url;
	status = tu_service_start(&start, &service, &err);
	if (status == TU_OK) {
		if (tu_datadir_settings(tu_service_datadir(service))->demonstration)
			status = tu_serve_here_alone(&options, &err);
		if (status == TU_OK)
			status = serve(service, &options, &request, &err);
		tu_service_stop(service);
	}
	return status ? tu_command_failed("serve", &err) : TU_EXIT_OK;
}

const struct tu_command tu_cmd_serve = {
	.name = "serve",
	.summary = "Serve a data folder over HTTP until it is asked to stop",
	.usage = {"--data DIR [OPTION...]"},
	.options = tu_serve_options,
	.option_count = TU_SERVE_OPTIONS,
	.notes = "Each option can also be set by a variable of the environment (--public-url is\n"
		 "$TUTELA_PUBLIC_URL), which replaces what the file of --config says and is\n"
		 "replaced by the command line.\n\n"
		 "The addresses are printed when it is ready; the log is lines of JSON on\n"
		 "standard error. SIGTERM and SIGINT stop it: requests that run are answered.\n",
	.variables = true,
	.unconfined = true,
	.run = run_serve,
};
