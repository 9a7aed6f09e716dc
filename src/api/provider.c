/* Who publishes CSAF documents. */
#include "api/call.h"
#include "base/json_writer.h"
#include "portfolio/provider.h"
#include "service/service.h"

struct answering {
	struct tu_api_call *call;
	struct tu_buf text;
	int64_t version;
};

static void write_publisher(const struct tu_provider_setting *s, struct tu_json_writer *json)
{
	tu_json_key(json, "publisher");
	tu_json_open_object(json);
	tu_json_member_str(json, "name", s->name);
	tu_json_member_str(json, "namespace", s->namespace_);
	tu_json_member_str(json, "contact_details", s->contact);
	tu_json_member_str(json, "issuing_authority", s->authority);
	tu_json_close_object(json);
}

static void write_security(const struct tu_provider_setting *s, struct tu_json_writer *json)
{
	tu_json_key(json, "security");
	tu_json_open_object(json);
	tu_json_key(json, "contacts");
	tu_json_open_array(json);
	for (size_t i = 0; i < s->contact_count; i++)
		tu_json_add_str(json, s->contacts[i]);
	tu_json_close_array(json);
	tu_json_member_str(json, "encryption", s->encryption);
	tu_json_member_str(json, "acknowledgments", s->acknowledgments);
	tu_json_member_str(json, "policy", s->policy);
	tu_json_member_str(json, "languages", s->languages);
	tu_json_close_object(json);
}

static void member_or_null(struct tu_json_writer *json, const char *key, const char *text)
{
	tu_json_key(json, key);
	if (text[0])
		tu_json_add_str(json, tu_str_c(text));
	else
		tu_json_add_null(json);
}

static bool is_listed(const struct tu_provider_keys *keys, const char *fingerprint)
{
	for (size_t i = 0; i < keys->list.count; i++)
		if (tu_str_eq(keys->list.at[i].fingerprint, tu_str_c(fingerprint)))
			return true;
	return false;
}

static enum tu_status write_signing(struct tu_work *w, struct tu_service *service,
	struct tu_json_writer *json, struct tu_error *err)
{
	char fingerprint[TU_SEAL_FINGERPRINT + 1] = "";
	struct tu_provider_keys keys;
	struct tu_error why = {0};
	int64_t left = 0;
	bool fine = tu_service_seal_state(service, fingerprint, &why) == TU_OK;
	enum tu_status status = tu_provider_keys(w, &keys, err);

	if (status == TU_OK && fine && !is_listed(&keys, fingerprint)) {
		fine = false;
		(void)tu_fail(&why, TU_E_NOTFOUND, 0,
			"the key that would sign was revoked: move keys/csaf.key and keys/csaf.pub "
			"away, and start the service again");
	}
	if (status == TU_OK)
		status = tu_provider_unsigned(w, &left, err);
	tu_json_key(json, "signing");
	tu_json_open_object(json);
	member_or_null(json, "fingerprint", fine ? fingerprint : "");
	member_or_null(json, "why_not", fine ? "" : why.message);
	tu_json_member_int(json, "unsigned", left);
	tu_json_close_object(json);
	tu_json_key(json, "keys");
	tu_json_open_array(json);
	for (size_t i = 0; status == TU_OK && i < keys.list.count; i++)
		tu_json_add_str(json, keys.list.at[i].fingerprint);
	tu_json_close_array(json);
	return status;
}

static enum tu_status write_warnings(struct tu_work *w, const struct tu_provider_setting *s,
	struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_provider_warnings warnings;
	enum tu_status status = tu_provider_warnings(w, s, &warnings, err);

	tu_json_key(json, "warnings");
	tu_json_open_array(json);
	for (size_t i = 0; status == TU_OK && i < warnings.list.count; i++)
		tu_json_add_str(json, warnings.list.at[i]);
	tu_json_close_array(json);
	return status;
}

static enum tu_status read(struct tu_work *w, void *self, struct tu_error *err)
{
	struct answering *a = self;
	struct tu_json_writer json = tu_json_writer(&a->text, false);
	struct tu_provider_setting s;
	enum tu_status status = tu_provider_read(w, &s, err);

	tu_buf_clear(&a->text); /* it may be run again */
	if (status != TU_OK)
		return status;
	a->version = s.version;
	tu_json_open_object(&json);
	tu_json_member_bool(&json, "enabled", s.on);
	tu_json_member_int(&json, "version", s.version);
	if (s.on) {
		write_publisher(&s, &json);
		write_security(&s, &json);
		tu_json_member_bool(&json, "list_on_aggregators", s.list);
		tu_json_member_bool(&json, "mirror_on_aggregators", s.mirror);
	}
	status = write_warnings(w, &s, &json, err);
	if (status == TU_OK)
		status = write_signing(w, a->call->service, &json, err);
	tu_json_close_object(&json);
	return status;
}

enum tu_status tu_api_get_csaf_provider(struct tu_api_call *call, struct tu_error *err)
{
	struct answering a = {.call = call};
	enum tu_status status;

	tu_buf_init(&a.text, 1 << 20);
	status = tu_api_read(call, read, &a, err);
	if (status == TU_OK) {
		tu_api_answer_buf(call, "application/json", &a.text, TU_STR(""));
		tu_api_etag_answer(call, a.version);
	}
	tu_buf_done(&a.text);
	return status;
}

/* ---- setting ---- */

static bool is_not_false(struct tu_json value)
{
	return !value.doc || tu_json_true(value);
}

static enum tu_status write(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_api_call *call = self;
	struct tu_json publisher = tu_json_get(call->body, TU_STR("publisher"));
	struct tu_json security = tu_json_get(call->body, TU_STR("security")), each;
	struct tu_json_iter contacts = tu_json_iter(tu_json_get(security, TU_STR("contacts")));
	struct tu_provider_setting s = {.version = call->if_match,
		.name = TU_JSON_STR(publisher, "name"),
		.namespace_ = TU_JSON_STR(publisher, "namespace"),
		.contact = TU_JSON_STR(publisher, "contact_details"),
		.authority = TU_JSON_STR(publisher, "issuing_authority"),
		.encryption = TU_JSON_STR(security, "encryption"),
		.acknowledgments = TU_JSON_STR(security, "acknowledgments"),
		.policy = TU_JSON_STR(security, "policy"),
		.languages = TU_JSON_STR(security, "languages"),
		.list = is_not_false(tu_json_get(call->body, TU_STR("list_on_aggregators"))),
		.mirror = is_not_false(tu_json_get(call->body, TU_STR("mirror_on_aggregators")))};

	while (s.contact_count < TU_PROVIDER_CONTACTS && tu_json_next_item(&contacts, &each))
		s.contacts[s.contact_count++] = tu_json_str(each);
	return tu_provider_write(w, &s, err);
}

enum tu_status tu_api_set_csaf_provider(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_write(call, write, call, err);

	return status ? status : tu_api_get_csaf_provider(call, err);
}

/* ---- keys ---- */

static enum tu_status revoke(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_api_call *call = self;
	enum tu_status status =
		tu_provider_key_revoke(w, call->path[0], tu_service_seal(call->service), err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "key") : status;
}

enum tu_status tu_api_revoke_provider_key(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_write(call, revoke, call, err);

	return status ? status : tu_api_get_csaf_provider(call, err);
}
