#include "cli/serve_options.h"

#include <string.h>

const struct tu_option tu_serve_options[TU_SERVE_OPTIONS] = {
	{"data", 0, "DIR", "Serve the data folder DIR", TU_TEXT(struct tu_serve_request, data),
		.required = true},
	{"listen", 0, "ADDRESS",
		"Listen on ADDRESS, such as \"127.0.0.1:8080\", \"[::1]:0\" (any free port) or "
		"\"unix:PATH\" (default: 127.0.0.1:8080)",
		TU_LIST(struct tu_serve_request, listen)},
	{"public-url", 0, "URL",
		"Be reached as URL, such as \"https://tutela.example\": requests for another host "
		"are refused; required for addresses beyond this machine",
		TU_TEXT(struct tu_serve_request, public_url)},
	{"trusted-proxy", 0, "ADDRESS",
		"Believe what the proxy at ADDRESS (\"10.0.0.1\", \"10.0.0.0/8\", \"unix\") says "
		"of "
		"its clients",
		TU_LIST(struct tu_serve_request, proxies)},
	{"tls-certificate", 0, "FILE",
		"Speak TLS with the certificate in FILE, which is read again when it changes",
		TU_TEXT(struct tu_serve_request, certificate)},
	{"tls-key", 0, "FILE", "Take the key of the certificate from FILE",
		TU_TEXT(struct tu_serve_request, key)},
	{"loops", 0, "N", "Read and write in N threads (default: 2)",
		TU_TEXT(struct tu_serve_request, loops)},
	{"workers", 0, "N", "Answer in N threads (default: 8)",
		TU_TEXT(struct tu_serve_request, workers)},
	{"connections", 0, "N", "Have at most N connections (default: 10000)",
		TU_TEXT(struct tu_serve_request, connections)},
	{"streams", 0, "N", "Have at most N streams of events (default: 3/4 of the connections)",
		TU_TEXT(struct tu_serve_request, streams)},
	{"stop-seconds", 0, "N", "Let requests go on for N seconds when it stops (default: 10)",
		TU_TEXT(struct tu_serve_request, stop_seconds)},
	{"session-idle", 0, "SECONDS", "End sessions that are not used for so long (default: 3600)",
		TU_TEXT(struct tu_serve_request, session_idle)},
	{"session-longest", 0, "SECONDS", "End sessions after so long in any case (default: 43200)",
		TU_TEXT(struct tu_serve_request, session_longest)},
	{"proof-seconds", 0, "SECONDS",
		"Let signing need password and code, or the provider, again after so long "
		"(default: 300, which is also the most)",
		TU_TEXT(struct tu_serve_request, proof_seconds)},
	{"signin-free", 0, "N",
		"Let so many sign-ins of an account fail before the next one waits (default: 5)",
		TU_TEXT(struct tu_serve_request, signin_free)},
	{"signin-wait", 0, "SECONDS", "Let an account wait for so long at most (default: 3600)",
		TU_TEXT(struct tu_serve_request, signin_wait)},
	{"signin-stop", 0, "N",
		"After so many failures in a row let an account wait until an administrator "
		"unlocks it (default: 100)",
		TU_TEXT(struct tu_serve_request, signin_stop)},
};

static enum tu_status take_number(
	const char *text, const char *name, unsigned *out, struct tu_error *err)
{
	uint64_t number;

	*out = 0;
	if (!text)
		return TU_OK;
	if (!tu_str_to_u64(tu_str_c(text), 1000000, &number) || number == 0)
		return tu_fail(err, TU_E_USAGE, 0,
			"--%s: expected a number from 1 to 1000000, not \"%s\"", name, text);
	*out = (unsigned)number;
	return TU_OK;
}

static enum tu_status take_numbers(
	const struct tu_serve_request *r, struct tu_http_options *o, struct tu_error *err)
{
	const struct {
		const char *text, *name;
		unsigned *out;
	} rows[] = {
		{r->loops, "loops", &o->loops},
		{r->workers, "workers", &o->workers},
		{r->connections, "connections", &o->connections},
		{r->streams, "streams", &o->streams},
		{r->stop_seconds, "stop-seconds", &o->stop_seconds},
	};
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && i < TU_COUNT(rows); i++)
		status = take_number(rows[i].text, rows[i].name, rows[i].out, err);
	return status;
}

static enum tu_status take_list(const struct tu_values *values, const char *name,
	struct tu_str out[static TU_SERVE_PLACES], struct tu_error *err)
{
	if (values->count > TU_SERVE_PLACES)
		return tu_fail(err, TU_E_USAGE, 0, "--%s: at most %d", name, TU_SERVE_PLACES);
	for (size_t i = 0; i < values->count; i++)
		out[i] = tu_str_c(values->at[i]);
	return TU_OK;
}

/* Only this machine reaches it. */
static bool is_local(struct tu_str address)
{
	return tu_str_starts(address, TU_STR("127.")) || tu_str_starts(address, TU_STR("[::1]:")) ||
		tu_str_starts(address, TU_STR("localhost:")) ||
		tu_str_starts(address, TU_STR("unix:"));
}

/* "https://tutela.example:8443/" is reached as "tutela.example:8443". */
static enum tu_status take_url(
	const char *url, bool *out_https, struct tu_str *out_host, struct tu_error *err)
{
	struct tu_str rest = tu_str_c(url);

	*out_https = tu_str_skip(&rest, TU_STR("https://"));
	if (!*out_https && !tu_str_skip(&rest, TU_STR("http://")))
		return tu_fail(err, TU_E_USAGE, 0,
			"--public-url: expected \"https://HOST\", not \"%s\"", url);
	*out_host = tu_str_first(rest, tu_str_find(rest, '/'));
	if (out_host->len == 0 || tu_str_find(*out_host, '@') < out_host->len ||
		rest.len - out_host->len > 1)
		return tu_fail(err, TU_E_USAGE, 0,
			"--public-url: expected a host and no path, not \"%s\"", url);
	return TU_OK;
}

static enum tu_status take_places(const struct tu_serve_request *r, struct tu_serve_places *places,
	struct tu_http_options *o, struct tu_error *err)
{
	enum tu_status status = take_list(&r->listen, "listen", places->listen, err);

	o->listen = places->listen;
	o->listen_count = r->listen.count;
	if (r->listen.count == 0) {
		places->listen[0] = TU_STR("127.0.0.1:8080");
		o->listen_count = 1;
	}
	if (status == TU_OK)
		status = take_list(&r->proxies, "trusted-proxy", places->proxies, err);
	o->trusted_proxies = places->proxies;
	o->trusted_proxy_count = r->proxies.count;
	if (status != TU_OK || !r->public_url)
		return status;
	o->public_hosts = places->hosts;
	o->public_host_count = 1;
	return take_url(r->public_url, &o->public_https, &places->hosts[0], err);
}

enum tu_status tu_serve_read(const struct tu_serve_request *request, struct tu_serve_places *places,
	struct tu_http_options *out_options, struct tu_error *err)
{
	enum tu_status status;

	*out_options = (struct tu_http_options){
		.tls_certificate = request->certificate, .tls_key = request->key};
	status = take_numbers(request, out_options, err);
	if (status == TU_OK)
		status = take_places(request, places, out_options, err);
	if (status != TU_OK)
		return status;
	if (!request->certificate != !request->key)
		return tu_fail(
			err, TU_E_USAGE, 0, "--tls-certificate and --tls-key: one needs the other");
	for (size_t i = 0; !request->public_url && i < out_options->listen_count; i++)
		if (!is_local(places->listen[i]))
			return tu_fail(err, TU_E_USAGE, 0,
				"--listen %.*s is reached from other machines: say with "
				"--public-url under which name",
				TU_STR_FMT(places->listen[i]));
	return TU_OK;
}

enum tu_status tu_serve_here_alone(const struct tu_http_options *options, struct tu_error *err)
{
	bool alone = !options->trusted_proxy_count && !options->public_host_count;

	for (size_t i = 0; i < options->listen_count; i++)
		alone = alone && is_local(options->listen[i]) &&
			!tu_str_starts(options->listen[i], TU_STR("unix:"));
	return alone ? TU_OK
		     : tu_fail(err, TU_E_USAGE, 0,
			       "this data folder is for demonstration (demonstration: on in "
			       "tutela.yaml): its passwords are known, so that it is served at "
			       "127.0.0.1 and [::1] alone, without --public-url and "
			       "--trusted-proxy");
}

enum tu_status tu_serve_read_limits(const struct tu_serve_request *r,
	int64_t out_limits[TU_ACCESS_LIMITS], struct tu_error *err)
{
	const char *const texts[TU_ACCESS_LIMITS] = {
		[TU_LIMIT_SESSION_IDLE] = r->session_idle,
		[TU_LIMIT_SESSION_LONGEST] = r->session_longest,
		[TU_LIMIT_PROOF] = r->proof_seconds,
		[TU_LIMIT_SIGNIN_FREE] = r->signin_free,
		[TU_LIMIT_SIGNIN_WAIT] = r->signin_wait,
		[TU_LIMIT_SIGNIN_STOP] = r->signin_stop,
	};

	for (unsigned i = 0; i < TU_ACCESS_LIMITS; i++) {
		const struct tu_access_limit_row *row = &tu_access_limit_rows[i];
		uint64_t number = (uint64_t)row->preset;

		if (texts[i] &&
			(!tu_str_to_u64(tu_str_c(texts[i]), (uint64_t)row->most, &number) ||
				number < (uint64_t)row->least))
			return tu_fail(err, TU_E_USAGE, 0,
				"--%s: expected a number from %lld to %lld, not \"%s\"", row->name,
				(long long)row->least, (long long)row->most, texts[i]);
		out_limits[i] = (int64_t)number;
	}
	if (out_limits[TU_LIMIT_SESSION_IDLE] > out_limits[TU_LIMIT_SESSION_LONGEST])
		return tu_fail(
			err, TU_E_USAGE, 0, "--session-idle is longer than --session-longest");
	return TU_OK;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_value(const struct tu_option *option, const void *a, const void *b)
{
	const struct tu_values *one, *other;

	if (option->kind == TU_OPTION_TEXT)
		return same_text(*(const char *const *)a, *(const char *const *)b);
	one = a;
	other = b;
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (!same_text(one->at[i], other->at[i]))
			return false;
	return true;
}

static bool can_change(const struct tu_option *option)
{
	for (unsigned i = 0; i < TU_ACCESS_LIMITS; i++)
		if (strcmp(option->name, tu_access_limit_rows[i].name) == 0)
			return true;
	return false;
}

bool tu_serve_differ(const struct tu_serve_request *before, const struct tu_serve_request *now,
	struct tu_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < TU_SERVE_OPTIONS; i++) {
		const struct tu_option *option = &tu_serve_options[i];

		if (can_change(option) ||
			same_value(option, (const char *)before + option->at,
				(const char *)now + option->at))
			continue;
		tu_buf_printf(out, " --%s", option->name);
		any = true;
	}
	return any;
}
