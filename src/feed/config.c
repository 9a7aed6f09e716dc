#include <tutela/advisory.h>

#include "feed/source.h"
#include "feed/url.h"

enum { FILE_MAX = 1024 * 1024, FORMS_MAX = 64 /* names of forms that are looked at */ };

struct reader {
	struct tu_arena *arena;
	struct tu_feed_config *config;
	struct tu_feed_source *source; /* of the section; NULL: about all */
	size_t line;
	struct tu_error *err;
};

static enum tu_status bad(const struct reader *r, const char *what, struct tu_str value)
{
	const struct tu_error_place place = {.line = r->line};

	return tu_fail_at(r->err, TU_E_SYNTAX, &place, "%s%s%.*s%s", what, value.len ? ": \"" : "",
		TU_STR_FMT(tu_str_first(value, 80)), value.len ? "\"" : "");
}

/* Is there a reader of this form? What cannot be read is not worth a download. */
static bool is_readable(struct tu_str form)
{
	for (int i = 0; i < FORMS_MAX; i++)
		if (tu_str_eq(form, tu_str_c(tu_feed_form_name((enum tu_feed_form)i))))
			return true;
	return false;
}

bool tu_feed_config_init(struct tu_arena *arena, struct tu_feed_config *out_config)
{
	*out_config = (struct tu_feed_config){.retries = 5,
		.retry_ms = 1000,
		.stall_s = 60,
		.seconds_max = 3600,
		.source_s = 8 * 3600};
	out_config->sources =
		tu_arena_array(arena, TU_FEED_SOURCES_MAX, sizeof(*out_config->sources));
	if (!out_config->sources)
		return false;
	memcpy(out_config->sources, tu_feed_sources,
		tu_feed_source_count * sizeof(*tu_feed_sources));
	out_config->source_count = tu_feed_source_count;
	for (size_t i = 0; i < tu_feed_source_count; i++)
		out_config->sources[i].chosen &= is_readable(out_config->sources[i].form);
	return true;
}

struct tu_feed_source *tu_feed_config_find(const struct tu_feed_config *config, struct tu_str name)
{
	for (size_t i = 0; i < config->source_count; i++)
		if (tu_str_eq(config->sources[i].name, name))
			return &config->sources[i];
	return NULL;
}

/* ---- values ---- */

bool tu_feed_duration(struct tu_str text, uint64_t *out_ms)
{
	static const struct {
		struct tu_str unit;
		uint64_t ms;
	} units[] = {{TU_STR_INIT(""), 1000}, {TU_STR_INIT("ms"), 1}, {TU_STR_INIT("s"), 1000},
		{TU_STR_INIT("m"), 60000}, {TU_STR_INIT("h"), 3600000},
		{TU_STR_INIT("d"), 86400000}};
	struct tu_str digits = tu_str_digits(&text);
	uint64_t number;

	if (!tu_str_to_u64(digits, 1000000000, &number))
		return false;
	for (size_t i = 0; i < TU_COUNT(units); i++) {
		if (tu_str_eq(units[i].unit, tu_str_trim(text))) {
			*out_ms = number * units[i].ms;
			return true;
		}
	}
	return false;
}

enum value_form {
	TEXT,
	URL,
	PREFIX, /* a URL that a path is appended to */
	YES_NO,
	MILLISECONDS,
	SECONDS,
	NUMBER,
	MEGABYTES,
	METHOD
};

/* What a key sets: an offset into the configuration or into a source. */
struct key {
	struct tu_str name;
	enum value_form form;
	size_t offset;
};

static const struct key general_keys[] = {
	{TU_STR_INIT("mirror"), PREFIX, offsetof(struct tu_feed_config, mirror)},
	{TU_STR_INIT("ca_file"), TEXT, offsetof(struct tu_feed_config, ca_file)},
	{TU_STR_INIT("retries"), NUMBER, offsetof(struct tu_feed_config, retries)},
	{TU_STR_INIT("retry_pause"), MILLISECONDS, offsetof(struct tu_feed_config, retry_ms)},
	{TU_STR_INIT("stall"), SECONDS, offsetof(struct tu_feed_config, stall_s)},
	{TU_STR_INIT("time_limit"), SECONDS, offsetof(struct tu_feed_config, seconds_max)},
	{TU_STR_INIT("source_time_limit"), SECONDS, offsetof(struct tu_feed_config, source_s)},
};

static const struct key source_keys[] = {
	{TU_STR_INIT("enabled"), YES_NO, offsetof(struct tu_feed_source, chosen)},
	{TU_STR_INIT("url"), URL, offsetof(struct tu_feed_source, url)},
	{TU_STR_INIT("items"), TEXT, offsetof(struct tu_feed_source, items)},
	{TU_STR_INIT("hosts"), TEXT, offsetof(struct tu_feed_source, hosts)},
	{TU_STR_INIT("api_key"), TEXT, offsetof(struct tu_feed_source, key)},
	{TU_STR_INIT("openpgp_key"), TEXT, offsetof(struct tu_feed_source, openpgp_key)},
	{TU_STR_INIT("gives"), TEXT, offsetof(struct tu_feed_source, gives)},
	{TU_STR_INIT("form"), TEXT, offsetof(struct tu_feed_source, form)},
	{TU_STR_INIT("method"), METHOD, offsetof(struct tu_feed_source, method)},
	{TU_STR_INIT("delay"), MILLISECONDS, offsetof(struct tu_feed_source, delay_ms)},
	{TU_STR_INIT("keyed_delay"), MILLISECONDS, offsetof(struct tu_feed_source, keyed_delay_ms)},
	{TU_STR_INIT("max_age"), SECONDS, offsetof(struct tu_feed_source, max_age)},
	{TU_STR_INIT("max_loss"), NUMBER, offsetof(struct tu_feed_source, loss_max)},
	{TU_STR_INIT("max_megabytes"), MEGABYTES, offsetof(struct tu_feed_source, bytes_max)},
};

static bool read_yes_no(struct tu_str value, bool *out)
{
	*out = tu_str_ieq(value, TU_STR("yes"));
	return *out || tu_str_ieq(value, TU_STR("no"));
}

static bool read_method(struct tu_str value, enum tu_feed_method *out)
{
	for (int i = 0; i < TU_FEED_METHODS_; i++) {
		if (tu_str_eq(value, tu_feed_method_name((enum tu_feed_method)i))) {
			*out = (enum tu_feed_method)i;
			return true;
		}
	}
	return false;
}

static enum tu_status read_text(
	const struct reader *r, enum value_form form, struct tu_str value, struct tu_str *out)
{
	struct tu_error problem = {0};
	struct tu_url url;

	if (form != TEXT && value.len && tu_url_parse(value, &url, &problem) != TU_OK)
		return bad(r, problem.message, value);
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < ' ')
			return bad(r, "a control character in a value", TU_STR(""));
	return tu_arena_dup(r->arena, value, out) ? TU_OK : tu_no_memory(r->err);
}

static enum tu_status read_amount(
	const struct reader *r, enum value_form form, struct tu_str value, void *slot)
{
	uint64_t amount;
	uint32_t small;
	bool ok = form == NUMBER || form == MEGABYTES
		? tu_str_to_u64(value, form == NUMBER ? 100 : 1000000, &amount)
		: tu_feed_duration(value, &amount);

	if (!ok)
		return bad(r,
			form == NUMBER || form == MEGABYTES ? "not a number in its bounds"
							    : "not a duration (6s, 2d)",
			value);
	if (form == MEGABYTES) {
		amount *= 1000000;
		memcpy(slot, &amount, sizeof(amount));
		return TU_OK;
	}
	if (form == SECONDS)
		amount = (amount + 999) / 1000;
	if (amount > UINT32_MAX)
		return bad(r, "too long a duration", value);
	small = (uint32_t)amount;
	memcpy(slot, &small, sizeof(small));
	return TU_OK;
}

static enum tu_status read_value(
	const struct reader *r, const struct key *key, struct tu_str value, char *base)
{
	void *slot = base + key->offset;

	switch (key->form) {
	case TEXT:
	case URL:
	case PREFIX:
		return read_text(r, key->form, value, slot);
	case YES_NO:
		return read_yes_no(value, slot) ? TU_OK : bad(r, "expected yes or no", value);
	case METHOD:
		return read_method(value, slot)
			? TU_OK
			: bad(r, "expected files, nvd, osv, release or csaf", value);
	case MILLISECONDS:
	case SECONDS:
	case NUMBER:
	case MEGABYTES:
		break;
	}
	return read_amount(r, key->form, value, slot);
}

/* ---- lines ---- */

static enum tu_status set(const struct reader *r, struct tu_str name, struct tu_str value)
{
	const struct key *keys = r->source ? source_keys : general_keys;
	size_t count = r->source ? TU_COUNT(source_keys) : TU_COUNT(general_keys);
	char *base = r->source ? (char *)r->source : (char *)r->config;

	for (size_t i = 0; i < count; i++) {
		if (!tu_str_eq(keys[i].name, name))
			continue;
		if (r->source && keys[i].form == URL)
			r->source->own = true;
		if (r->source && keys[i].form == YES_NO)
			r->source->refused = tu_str_ieq(value, TU_STR("no"));
		return read_value(r, &keys[i], value, base);
	}
	return bad(r, r->source ? "no such key of a source" : "no such key", name);
}

/* A name that is safe as the name of a folder. */
static bool is_name(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!tu_char_is_alnum(name.ptr[i]) && (i == 0 || !strchr("-_", name.ptr[i])))
			return false;
	return name.len > 0 && name.len <= 64;
}

static enum tu_status open_section(struct reader *r, struct tu_str name)
{
	struct tu_feed_source *source = tu_feed_config_find(r->config, name);

	if (!is_name(name))
		return bad(r, "a source's name is letters, digits, \"-\" and \"_\"", name);
	if (!source) {
		if (r->config->source_count == TU_FEED_SOURCES_MAX)
			return tu_fail_at(r->err, TU_E_LIMIT,
				&(struct tu_error_place){.line = r->line}, "more than %d sources",
				TU_FEED_SOURCES_MAX);
		source = &r->config->sources[r->config->source_count++];
		*source = (struct tu_feed_source){.gives = TU_STR("the user's own"),
			.check = TU_STR("parsed whole"),
			.method = TU_FEED_BY_FILES,
			.delay_ms = 1000,
			.loss_max = 25,
			.max_age = 3 * 86400,
			.bytes_max = 1000000000,
			.chosen = true,
			.own = true};
		if (!tu_arena_dup(r->arena, name, &source->name))
			return tu_no_memory(r->err);
	}
	r->source = source;
	return TU_OK;
}

static enum tu_status read_line(struct reader *r, struct tu_str line)
{
	size_t sign;

	line = tu_str_trim(line);
	if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';')
		return TU_OK;
	if (line.ptr[0] == '[') {
		if (line.ptr[line.len - 1] != ']')
			return bad(r, "a section wants \"[name]\"", line);
		return open_section(
			r, tu_str_trim(tu_str_first(tu_str_from(line, 1), line.len - 2)));
	}
	sign = tu_str_find(line, '=');
	if (sign == line.len)
		return bad(r, "expected \"key = value\" or \"[source]\"", line);
	return set(
		r, tu_str_trim(tu_str_first(line, sign)), tu_str_trim(tu_str_from(line, sign + 1)));
}

static enum tu_status check_sources(struct reader *r)
{
	for (size_t i = 0; i < r->config->source_count; i++) {
		const struct tu_feed_source *source = &r->config->sources[i];

		if (source->url.len == 0)
			return tu_fail(r->err, TU_E_SYNTAX, 0, "[%.*s] has no url",
				TU_STR_FMT(source->name));
		if (source->openpgp_key.len && source->method != TU_FEED_BY_CSAF)
			return tu_fail(r->err, TU_E_SYNTAX, 0,
				"[%.*s]: openpgp_key is for sources of the method csaf",
				TU_STR_FMT(source->name));
		if (source->method == TU_FEED_BY_OSV &&
			tu_str_search(source->url, TU_STR("{}")) == source->url.len)
			return tu_fail(r->err, TU_E_SYNTAX, 0,
				"[%.*s]: the url has no \"{}\", which stands for an ecosystem",
				TU_STR_FMT(source->name));
	}
	return TU_OK;
}

enum tu_status tu_feed_config_apply(struct tu_arena *arena, struct tu_str text,
	struct tu_feed_config *config, struct tu_error *err)
{
	struct tu_error own = {0};
	struct reader r = {.arena = arena, .config = config, .err = err ? err : &own};
	struct tu_str rest = text;
	struct tu_str line;
	enum tu_status status = TU_OK;

	if (text.len > FILE_MAX)
		return tu_fail(
			err, TU_E_LIMIT, 0, "a configuration of more than %d bytes", FILE_MAX);
	while (status == TU_OK && tu_str_split(&rest, '\n', &line)) {
		r.line++;
		status = read_line(&r, line);
	}
	return status == TU_OK ? check_sources(&r) : status;
}
