/* Who publishes, as one setting: JSON under a name. */
#include "base/json.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "portfolio/provider.h"

enum { SETTING_MAX = 64 << 10 };

static const struct tu_str setting_name = TU_STR_INIT("csaf-provider");

/* What a text must be. */
enum kind { ANY, URL, HTTPS, CONTACT };

static const struct member {
	const char *name, *pointer;
	size_t at; /* of the tu_str in the setting */
	enum kind kind;
	bool needed;
} members[] = {
	{"name", "/publisher/name", offsetof(struct tu_provider_setting, name), ANY, true},
	{"namespace", "/publisher/namespace", offsetof(struct tu_provider_setting, namespace_), URL,
		true},
	{"contact", "/publisher/contact_details", offsetof(struct tu_provider_setting, contact),
		ANY, false},
	{"authority", "/publisher/issuing_authority",
		offsetof(struct tu_provider_setting, authority), ANY, false},
	{"encryption", "/security/encryption", offsetof(struct tu_provider_setting, encryption),
		HTTPS, false},
	{"policy", "/security/policy", offsetof(struct tu_provider_setting, policy), HTTPS, false},
	{"acknowledgments", "/security/acknowledgments",
		offsetof(struct tu_provider_setting, acknowledgments), HTTPS, false},
	{"languages", "/security/languages", offsetof(struct tu_provider_setting, languages), ANY,
		false},
};

static struct tu_str *text_of(struct tu_provider_setting *s, const struct member *member)
{
	return (struct tu_str *)(void *)((char *)s + member->at);
}

/* ---- checking ---- */

/* Each of these texts may become a line of security.txt. */
static bool is_line(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 127)
			return false;
	return text.len <= TU_PROVIDER_TEXT_MAX && tu_utf8_invalid_at(text) == text.len;
}

/* What is after the scheme of an address: something, without white space. */
static bool has_scheme(struct tu_str text, struct tu_str scheme)
{
	return tu_str_skip(&text, scheme) && text.len && tu_str_find(text, ' ') == text.len;
}

static bool is_kind(struct tu_str text, enum kind kind)
{
	bool https = has_scheme(text, TU_STR("https://"));

	switch (kind) {
	case URL:
		return https || has_scheme(text, TU_STR("http://"));
	case HTTPS: /* RFC 9116: web URIs are of https; keys may be in the DNS or by fingerprint */
		return https || has_scheme(text, TU_STR("dns:")) ||
			has_scheme(text, TU_STR("openpgp4fpr:"));
	case CONTACT:
		return https || has_scheme(text, TU_STR("mailto:")) ||
			has_scheme(text, TU_STR("tel:"));
	case ANY:
	default:
		return true;
	}
}

static const char *const wanted[] = {[ANY] = "a line of text",
	[URL] = "a URL",
	[HTTPS] = "an address that begins with https://",
	[CONTACT] = "an address that begins with mailto:, https:// or tel:"};

static enum tu_status wrong(const char *pointer, enum kind kind, struct tu_error *err)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer},
		"%s is expected", wanted[kind]);
}

static enum tu_status check(const struct tu_provider_setting *to, struct tu_error *err)
{
	struct tu_provider_setting s = *to;

	for (size_t i = 0; i < TU_COUNT(members); i++) {
		struct tu_str text = *text_of(&s, &members[i]);

		if ((members[i].needed && !text.len) || !is_line(text) ||
			(text.len && !is_kind(text, members[i].kind)))
			return wrong(members[i].pointer, members[i].kind, err);
	}
	if (!s.contact_count || s.contact_count > TU_PROVIDER_CONTACTS)
		return wrong("/security/contacts", CONTACT, err);
	for (size_t i = 0; i < s.contact_count; i++)
		if (!is_line(s.contacts[i]) || !is_kind(s.contacts[i], CONTACT))
			return wrong("/security/contacts", CONTACT, err);
	return TU_OK;
}

/* ---- as text ---- */

static void write_setting(struct tu_provider_setting *s, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "version", s->version);
	tu_json_member_int(&json, "changed", s->changed);
	tu_json_member_bool(&json, "list", s->list);
	tu_json_member_bool(&json, "mirror", s->mirror);
	for (size_t i = 0; i < TU_COUNT(members); i++) {
		tu_json_key_str(&json, tu_str_c(members[i].name));
		tu_json_add_str(&json, *text_of(s, &members[i]));
	}
	tu_json_key(&json, "contacts");
	tu_json_open_array(&json);
	for (size_t i = 0; i < s->contact_count; i++)
		tu_json_add_str(&json, s->contacts[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
}

static bool read_root(struct tu_work *w, struct tu_json root, struct tu_provider_setting *out)
{
	struct tu_json_iter contacts = tu_json_iter(tu_json_get(root, TU_STR("contacts")));
	struct tu_json each;
	uint64_t version = 0, changed = 0;
	bool kept = tu_json_u64(tu_json_get(root, TU_STR("version")), INT64_MAX, &version) &&
		tu_json_u64(tu_json_get(root, TU_STR("changed")), INT64_MAX, &changed);

	*out = (struct tu_provider_setting){
		.version = (int64_t)version, .changed = (int64_t)changed, .on = true};
	out->list = tu_json_true(tu_json_get(root, TU_STR("list")));
	out->mirror = tu_json_true(tu_json_get(root, TU_STR("mirror")));
	for (size_t i = 0; kept && i < TU_COUNT(members); i++)
		kept = tu_arena_dup(w->arena,
			tu_json_str(tu_json_get(root, tu_str_c(members[i].name))),
			text_of(out, &members[i]));
	while (kept && out->contact_count < TU_PROVIDER_CONTACTS &&
		tu_json_next_item(&contacts, &each))
		kept = tu_arena_dup(
			w->arena, tu_json_str(each), &out->contacts[out->contact_count++]);
	return kept;
}

static enum tu_status parse(struct tu_work *w, struct tu_str text, struct tu_provider_setting *out,
	struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = SETTING_MAX, .depth = 4, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status =
		parser ? tu_json_parse(parser, text, &limits, &root, err) : tu_no_memory(err);

	if (status == TU_OK && !read_root(w, root, out))
		status = tu_fail(
			err, TU_E_CORRUPT, 0, "the setting of the CSAF provider is damaged");
	tu_json_parser_free(parser);
	return status;
}

enum tu_status tu_provider_read(
	struct tu_work *w, struct tu_provider_setting *out, struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_str text = {0};
	bool kept;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(setting_name)), &rows, err);

	*out = (struct tu_provider_setting){.version = 1};
	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	kept = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &text);
	status = tu_rows_close(rows, err);
	if (status == TU_OK && !kept)
		status = tu_no_memory(err);
	return status ? status : parse(w, text, out, err);
}

static enum tu_status put(struct tu_work *w, struct tu_provider_setting *to, struct tu_error *err)
{
	struct tu_record record;
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, SETTING_MAX);
	write_setting(to, &text);
	status = text.failed ? tu_fail(err, TU_E_LIMIT, 0, "the values are too long") : TU_OK;
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_SETTING_PUT,
			TU_BIND(tu_text(setting_name), tu_text(tu_buf_str(&text))), err);
	if (status == TU_OK) {
		tu_record_begin(&record, "provider.configure", "setting:csaf-provider");
		tu_json_key(&record.json, "after");
		tu_json_add_raw(&record.json, tu_buf_str(&text));
		status = tu_record_add(&record, w, err);
	}
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_provider_write(
	struct tu_work *w, const struct tu_provider_setting *to, struct tu_error *err)
{
	struct tu_provider_setting now, next = *to;
	enum tu_status status = check(to, err);

	if (status == TU_OK)
		status = tu_provider_read(w, &now, err);
	if (status == TU_OK && to->version && to->version != now.version)
		return tu_fail(
			err, TU_E_CONFLICT, 0, "the CSAF provider was changed since you read it");
	if (status != TU_OK)
		return status;
	next.version = now.version + 1;
	next.changed = w->act->at;
	return put(w, &next, err);
}

/* ---- whether documents name the same publisher ---- */

/* A slash at the end of a URL names nothing else. */
static struct tu_str without_slash(struct tu_str url)
{
	return url.len && url.ptr[url.len - 1] == '/' ? tu_str_first(url, url.len - 1) : url;
}

enum tu_status tu_provider_differs(struct tu_work *w, const struct tu_provider_setting *setting,
	const struct tu_device *model, struct tu_str *out_warning, struct tu_error *err)
{
	const struct tu_manufacturer *maker = &model->manufacturer;
	const bool name = tu_str_eq(setting->name, maker->name);
	const bool space =
		tu_str_eq(without_slash(setting->namespace_), without_slash(maker->namespace_));
	struct tu_buf text;
	bool fine;

	*out_warning = (struct tu_str){0};
	if (!setting->on || (name && space))
		return TU_OK;
	tu_buf_init(&text, 1 << 16);
	tu_buf_printf(&text,
		"%.*s: its documents name another publisher than the provider of CSAF:",
		TU_STR_FMT(model->id));
	if (!name)
		tu_buf_printf(&text, " manufacturer.name is \"%.*s\", the provider's \"%.*s\"",
			TU_STR_FMT(maker->name), TU_STR_FMT(setting->name));
	if (!space)
		tu_buf_printf(&text,
			"%s manufacturer.namespace is \"%.*s\", the provider's \"%.*s\"",
			name ? "" : ";", TU_STR_FMT(maker->namespace_),
			TU_STR_FMT(setting->namespace_));
	fine = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), out_warning);
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_provider_warnings(struct tu_work *w, const struct tu_provider_setting *setting,
	struct tu_provider_warnings *out, struct tu_error *err)
{
	static const struct tu_list_scope everything = {.everything = true};
	struct tu_devices_seen devices = {0};
	enum tu_status status = TU_OK;

	*out = (struct tu_provider_warnings){0};
	if (setting->on)
		status = tu_device_list(w, &everything, &devices, err);
	for (size_t i = 0; i < devices.count && status == TU_OK; i++) {
		const struct tu_device *model;
		struct tu_str warning = {0};
		struct tu_error own = {0};

		status = tu_device_load(w, &devices.at[i].device, &model, NULL, &own);
		if (tu_device_is_unread(status)) {
			status = TU_OK; /* lists of its own name what cannot be read */
			continue;
		}
		if (status == TU_OK)
			status = tu_provider_differs(w, setting, model, &warning, &own);
		if (status == TU_OK && warning.len &&
			!TU_VEC_PUSH_IN(w->arena, &out->list, warning))
			status = tu_no_memory(&own);
		if (status != TU_OK && err)
			*err = own;
	}
	return status;
}
