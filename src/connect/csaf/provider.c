/* Who publishes: security.txt, the metadata, the service document, the keys. */
#include <inttypes.h>

#include "base/json_writer.h"
#include "base/time.h"
#include "connect/csaf/operations.h"
#include "connect/csaf/view.h"
#include "http/server.h"

enum { DAY = 86400, GOOD_DAYS = 90, US = 1000000 };

/* ---- security.txt (RFC 9116) ---- */

static void line(struct tu_csaf_view *view, const char *name, struct tu_str value)
{
	if (value.len)
		tu_buf_printf(view->out, "%s: %.*s\n", name, TU_STR_FMT(value));
}

/* The same text for a whole day, so that it has one ETag. */
static void expires(struct tu_csaf_view *view)
{
	int64_t today = view->call->now / US / DAY * DAY;

	tu_buf_c(view->out, "Expires: ");
	tu_time_write(today + GOOD_DAYS * DAY, view->out);
	tu_buf_byte(view->out, '\n');
}

static enum tu_status write_security(struct tu_csaf_view *view, struct tu_error *err)
{
	const struct tu_provider_setting *s = &view->setting;
	const struct tu_http_request *http = view->call->http;

	(void)err;
	for (size_t i = 0; i < s->contact_count; i++)
		line(view, "Contact", s->contacts[i]);
	expires(view);
	line(view, "Encryption", s->encryption);
	line(view, "Acknowledgments", s->acknowledgments);
	line(view, "Preferred-Languages", s->languages);
	line(view, "Policy", s->policy);
	tu_buf_printf(view->out, "Canonical: %.*s://%.*s/.well-known/security.txt\n",
		TU_STR_FMT(http->scheme), TU_STR_FMT(http->host));
	tu_buf_c(view->out, "CSAF: ");
	tu_csaf_url(view, view->out);
	tu_buf_c(view->out, "provider-metadata.json\n");
	view->type = "text/plain; charset=utf-8";
	return TU_OK;
}

enum tu_status tu_csaf_get_security_txt(struct tu_api_call *call, struct tu_error *err)
{
	return tu_csaf_answer(call, &(const struct tu_csaf_asked){{0}}, write_security, err);
}

/* ---- the way there ---- */

static enum tu_status write_nothing(struct tu_csaf_view *view, struct tu_error *err)
{
	(void)err;
	view->type = "text/plain; charset=utf-8";
	return TU_OK;
}

/* People and programs that know the folder alone. 404 where nobody publishes. */
enum tu_status tu_csaf_find_provider(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status =
		tu_csaf_answer(call, &(const struct tu_csaf_asked){{0}}, write_nothing, err);

	if (status != TU_OK)
		return status;
	call->answer.status = 303;
	call->answer.location = TU_STR(TU_PROVIDER_ROOT "provider-metadata.json");
	return TU_OK;
}

enum tu_status tu_csaf_find_provider_folder(struct tu_api_call *call, struct tu_error *err)
{
	return tu_csaf_find_provider(call, err);
}

/* ---- the metadata (7.1.7) ---- */

static void member_url(const struct tu_csaf_view *view, struct tu_json_writer *json,
	const char *key, const char *name)
{
	size_t start;

	if (key)
		tu_json_key(json, key);
	start = tu_json_open_text(json);
	tu_csaf_url(view, json->buf);
	tu_buf_c(json->buf, name);
	tu_json_close_text(json, start);
}

static void write_feeds(const struct tu_csaf_view *view, struct tu_json_writer *json)
{
	tu_json_key(json, "feeds");
	tu_json_open_array(json);
	for (size_t i = 0; i < TU_CSAF_LABELS; i++) {
		const struct tu_csaf_label *label = &tu_csaf_labels[i];
		size_t start;

		if (!tu_csaf_sees(view, label))
			continue;
		tu_json_open_object(json);
		tu_json_key(json, "summary");
		start = tu_json_open_text(json);
		tu_buf_printf(json->buf, "All TLP:%.*s advisories.", TU_STR_FMT(label->name));
		tu_json_close_text(json, start);
		tu_json_member_str(json, "tlp_label", label->name);
		tu_json_key(json, "url");
		tu_csaf_member_of_label(view, json, label, "csaf-feed-tlp-*.json");
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void write_rolie(const struct tu_csaf_view *view, struct tu_json_writer *json)
{
	tu_json_open_object(json);
	tu_json_key(json, "rolie");
	tu_json_open_object(json);
	tu_json_key(json, "categories");
	tu_json_open_array(json);
	for (size_t i = 0; i < TU_CSAF_LABELS; i++)
		if (tu_csaf_sees(view, &tu_csaf_labels[i]))
			tu_csaf_member_of_label(view, json, &tu_csaf_labels[i], "category-*.json");
	tu_json_close_array(json);
	write_feeds(view, json);
	tu_json_key(json, "services");
	tu_json_open_array(json);
	member_url(view, json, NULL, "service.json");
	tu_json_close_array(json);
	tu_json_close_object(json);
	tu_json_close_object(json);
}

static void write_distributions(const struct tu_csaf_view *view, struct tu_json_writer *json)
{
	tu_json_key(json, "distributions");
	tu_json_open_array(json);
	write_rolie(view, json);
	for (size_t i = 0; i < TU_CSAF_LABELS; i++) {
		if (!tu_csaf_sees(view, &tu_csaf_labels[i]))
			continue;
		tu_json_open_object(json);
		tu_json_key(json, "directory_url");
		tu_csaf_member_of_label(view, json, &tu_csaf_labels[i], "");
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void write_keys(const struct tu_csaf_view *view, struct tu_json_writer *json)
{
	tu_json_key(json, "public_openpgp_keys");
	tu_json_open_array(json);
	for (size_t i = 0; i < view->keys.list.count; i++) {
		const struct tu_provider_key *key = &view->keys.list.at[i];
		size_t start;

		tu_json_open_object(json);
		tu_json_member_str(json, "fingerprint", key->fingerprint);
		tu_json_key(json, "url");
		start = tu_json_open_text(json);
		tu_csaf_url(view, json->buf);
		tu_buf_printf(json->buf, "openpgp/%.*s.asc", TU_STR_FMT(key->fingerprint));
		tu_json_close_text(json, start);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void write_publisher(const struct tu_provider_setting *s, struct tu_json_writer *json)
{
	tu_json_key(json, "publisher");
	tu_json_open_object(json);
	tu_json_member_str(json, "category", TU_STR("vendor"));
	tu_json_member_opt(json, "contact_details", s->contact);
	tu_json_member_opt(json, "issuing_authority", s->authority);
	tu_json_member_str(json, "name", s->name);
	tu_json_member_str(json, "namespace", s->namespace_);
	tu_json_close_object(json);
}

/* What is not signed is never presented as signed: then the role is the one that asks for no
 * signatures. */
static bool is_trusted(const struct tu_csaf_view *view)
{
	bool all = view->keys.list.count > 0;

	for (size_t i = 0; i < view->files.list.count; i++)
		all = all && tu_csaf_is_signed(&view->files.list.at[i]);
	return all;
}

static int64_t updated(const struct tu_csaf_view *view)
{
	int64_t at = view->setting.changed;

	for (size_t i = 0; i < view->keys.list.count; i++)
		if (view->keys.list.at[i].seen > at)
			at = view->keys.list.at[i].seen;
	return at / US;
}

static void member_time(struct tu_json_writer *json, const char *key, int64_t seconds)
{
	size_t start;

	tu_json_key(json, key);
	start = tu_json_open_text(json);
	tu_time_write(seconds, json->buf);
	tu_json_close_text(json, start);
}

static enum tu_status write_metadata(struct tu_csaf_view *view, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(view->out, true);
	bool trusted = is_trusted(view);

	(void)err;
	tu_json_open_object(&json);
	member_url(view, &json, "canonical_url", "provider-metadata.json");
	write_distributions(view, &json);
	member_time(&json, "last_updated", updated(view));
	tu_json_member_bool(&json, "list_on_CSAF_aggregators", view->setting.list);
	tu_json_member_str(&json, "metadata_version", TU_STR("2.0"));
	tu_json_member_bool(&json, "mirror_on_CSAF_aggregators", view->setting.mirror);
	write_keys(view, &json);
	write_publisher(&view->setting, &json);
	tu_json_member_str(
		&json, "role", trusted ? TU_STR("csaf_trusted_provider") : TU_STR("csaf_provider"));
	tu_json_close_object(&json);
	view->type = "application/json";
	return TU_OK;
}

enum tu_status tu_csaf_get_provider_metadata(struct tu_api_call *call, struct tu_error *err)
{
	return tu_csaf_answer(call, &(const struct tu_csaf_asked){{0}}, write_metadata, err);
}

/* ---- the service document (7.1.16, RFC 8322) ---- */

static void write_collection(const struct tu_csaf_view *view, struct tu_json_writer *json,
	const struct tu_csaf_label *label)
{
	size_t start;

	tu_json_open_object(json);
	tu_json_key(json, "title");
	start = tu_json_open_text(json);
	tu_buf_printf(json->buf, "TLP:%.*s", TU_STR_FMT(label->name));
	tu_json_close_text(json, start);
	tu_json_key(json, "href");
	tu_csaf_member_of_label(view, json, label, "csaf-feed-tlp-*.json");
	tu_json_key(json, "categories");
	tu_json_open_object(json);
	tu_json_key(json, "category");
	tu_json_open_array(json);
	tu_json_open_object(json);
	tu_json_member_str(
		json, "scheme", TU_STR("urn:ietf:params:rolie:category:information-type"));
	tu_json_member_str(json, "term", TU_STR("csaf"));
	tu_json_close_object(json);
	tu_json_close_array(json);
	tu_json_close_object(json);
	tu_json_close_object(json);
}

static enum tu_status write_service(struct tu_csaf_view *view, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(view->out, true);

	(void)err;
	tu_json_open_object(&json);
	tu_json_key(&json, "service");
	tu_json_open_object(&json);
	tu_json_key(&json, "workspace");
	tu_json_open_array(&json);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "title", TU_STR("CSAF feeds"));
	tu_json_key(&json, "collection");
	tu_json_open_array(&json);
	for (size_t i = 0; i < TU_CSAF_LABELS; i++)
		if (tu_csaf_sees(view, &tu_csaf_labels[i]))
			write_collection(view, &json, &tu_csaf_labels[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_json_close_object(&json);
	view->type = "application/json";
	return TU_OK;
}

enum tu_status tu_csaf_get_service_document(struct tu_api_call *call, struct tu_error *err)
{
	return tu_csaf_answer(call, &(const struct tu_csaf_asked){{0}}, write_service, err);
}

/* ---- keys ---- */

static enum tu_status write_key(struct tu_csaf_view *view, struct tu_error *err)
{
	struct tu_str name = view->call->path[0];

	if (!tu_str_ends(name, TU_STR(".asc")))
		return tu_api_unknown(err, "key");
	name.len -= 4;
	for (size_t i = 0; i < view->keys.list.count; i++) {
		const struct tu_provider_key *key = &view->keys.list.at[i];

		if (!tu_str_eq(name, key->fingerprint))
			continue;
		tu_buf_str_add(view->out, key->public_key);
		view->type = "application/pgp-keys";
		return TU_OK;
	}
	return tu_api_unknown(err, "key");
}

enum tu_status tu_csaf_get_public_key(struct tu_api_call *call, struct tu_error *err)
{
	return tu_csaf_answer(call, &(const struct tu_csaf_asked){{0}}, write_key, err);
}
