/*
 * Threagile 1, as JSON, which is YAML: elements are technical assets, flows communication links,
 * zones trust boundaries, assets data assets, controls in place security requirements. What it has
 * no field for is in descriptions (threat/write/lines.h). Schema: Threagile, support/schema.json.
 *
 * Its maps are keyed by titles, each of which may be there once, and its ids have letters, digits
 * and hyphens: both are made so, and "name:" and "ref:" lines say what they were. Its fields want
 * a value: what nobody has stated becomes the value that promises least, and that is a loss. A word
 * that promises a protection is used for a stated one alone.
 */
#include "threat/write/threagile.h"

#include "base/buf_over.h"
#include "threat/words.h"

#include <tutela/threat.h>

/* ---- words of Threagile ---- */

struct meaning {
	const char *ours, *theirs;
};

/* Protocols that protect nothing by themselves, and those that encrypt. */
static const char *const plain[] = {"http", "ws", "mqtt", "jdbc", "odbc", "sql-access-protocol",
	"nosql-access-protocol", "binary", "text", "smtp", "pop3", "imap", "ftp", "ldap", "jms",
	"nfs", "smb", "local-file-access", "nrpe", "xmpp", "iiop", "jrmp",
	"in-process-library-call", "inter-process-communication", "container-spawning"};
static const char *const encrypting[] = {"https", "wss", "mqtt-encrypted", "jdbc-encrypted",
	"odbc-encrypted", "binary-encrypted", "text-encrypted", "ssh", "ssh-tunnel",
	"smtp-encrypted", "pop3-encrypted", "imap-encrypted", "ftps", "sftp", "scp", "ldaps",
	"smb-encrypted", "iiop-encrypted", "jrmp-encrypted"};

static const struct meaning authentications[] = {{"password", "credentials"}, {"token", "token"},
	{"mutual", "client-certificate"}, {"mfa", "two-factor"}, {"session", "session-id"},
	{"externalized", "externalized"}};

static const char *word_among(const char *const *words, size_t count, struct tu_str text)
{
	for (size_t i = 0; i < count; i++)
		if (tu_str_ieq(text, tu_str_c(words[i])))
			return words[i];
	return NULL;
}

static bool is_protection(struct tu_str text)
{
	return text.len && !tu_str_ieq(text, TU_STR("none")) && !tu_model_is_intent(text);
}

static struct tu_str protocol_of(const struct tu_model_flow *at)
{
	const char *word = word_among(plain, TU_COUNT(plain), at->protocol);

	if (!word && is_protection(at->properties[TU_PROPERTY_ENCRYPTION]))
		word = word_among(encrypting, TU_COUNT(encrypting), at->protocol);
	return tu_str_c(word ? word : "unknown-protocol");
}

static struct tu_str authentication_of(const struct tu_model_flow *at)
{
	struct tu_str said = at->properties[TU_PROPERTY_AUTHENTICATION];

	for (size_t i = 0; i < TU_COUNT(authentications); i++)
		if (tu_str_ieq(said, tu_str_c(authentications[i].ours)))
			return tu_str_c(authentications[i].theirs);
	return TU_STR("none");
}

static struct tu_str boundary_type(enum tu_zone_role role)
{
	static const char *const types[] = {
		[TU_ZONE_UNKNOWN] = "network-on-prem",
		[TU_ZONE_CARE] = "network-on-prem",
		[TU_ZONE_DEVICE] = "execution-environment",
		[TU_ZONE_USER] = "network-on-prem",
		[TU_ZONE_PUBLIC] = "network-on-prem",
		[TU_ZONE_HOSPITAL] = "network-on-prem",
		[TU_ZONE_CLOUD] = "network-cloud-provider",
		[TU_ZONE_MANUFACTURER] = "network-on-prem",
		[TU_ZONE_PRODUCTION] = "network-on-prem",
	};

	return tu_str_c(types[role]);
}

/* By the worst hazard that can follow; what is not known counts as the worst. */
static struct tu_str criticality(
	const struct tu_model *model, const struct tu_asset *asset, uint32_t loss)
{
	static const char *const words[] = {
		"archive", "operational", "important", "critical", "mission-critical"};
	size_t worst = 0;

	if (!asset->hazard_count && !asset->harmless)
		return TU_STR("mission-critical");
	for (size_t i = 0; i < asset->hazard_count; i++) {
		enum tu_harm harm = model->hazards[asset->hazards[i].hazard].severity;
		size_t level = harm >= TU_HARM_NEGLIGIBLE ? (size_t)(harm - TU_HARM_NEGLIGIBLE) : 4;

		if ((asset->hazards[i].loss & loss) && level > worst)
			worst = level;
	}
	return tu_str_c(words[worst < TU_COUNT(words) ? worst : TU_COUNT(words) - 1]);
}

/* ---- members ---- */

static void open_map(struct tu_threagile *t, const char *key)
{
	tu_json_key(t->json, key);
	tu_json_open_object(t->json);
}

static void add_word(struct tu_threagile *t, const char *key, const char *word)
{
	tu_json_member_str(t->json, key, tu_str_c(word));
}

static void add_flag(struct tu_threagile *t, const char *key, bool value)
{
	tu_json_member_bool(t->json, key, value);
}

static void add_ids(
	struct tu_threagile *t, const char *key, const struct tu_indexes *list, bool write)
{
	tu_json_key(t->json, key);
	tu_json_open_array(t->json);
	for (size_t i = 0; i < list->count && write; i++)
		tu_json_add_str(t->json, t->assets[list->at[i]].id);
	tu_json_close_array(t->json);
}

static void add_described(struct tu_threagile *t, const char *key, struct tu_str text)
{
	if (!text.len)
		return;
	open_map(t, key);
	tu_json_member_str(t->json, "description", text);
	tu_json_close_object(t->json);
}

/* The name, where the key of the map is another one. */
static void add_name(struct tu_threagile *t, const struct tu_threagile_key *key, struct tu_str name)
{
	if (name.len && !tu_str_eq(key->title, name))
		tu_lines_text(&t->lines, "name", name);
}

/* ---- data assets ---- */

/* An id between commas; a link to a hazard is never left out. */
static void add_entry(struct tu_threagile *t, struct tu_str id)
{
	const struct tu_str parting = TU_STR(",;/ \n");
	bool fine = tu_threagile_is_entry(id);

	t->hazards += !fine;
	for (size_t i = 0; i < id.len; i++)
		tu_buf_byte(t->json->buf,
			!fine && tu_str_find(parting, id.ptr[i]) < parting.len ? '-' : id.ptr[i]);
}

static void add_hazards(struct tu_threagile *t, const struct tu_asset *at)
{
	static const struct {
		uint32_t bit;
		const char *word;
	} losses[] = {{TU_LOSS_CONFIDENTIALITY, "confidentiality"},
		{TU_LOSS_INTEGRITY, "integrity"}, {TU_LOSS_AVAILABILITY, "availability"}};
	struct tu_buf *out = t->json->buf;
	size_t start;

	if (!at->hazard_count && !at->harmless)
		return;
	tu_json_key(t->json, "justification_cia_rating");
	start = tu_json_open_text(t->json);
	tu_buf_c(out, at->hazard_count ? "Hazards: " : "Hazards: none");
	for (size_t i = 0; i < at->hazard_count; i++) {
		struct tu_str id = t->w->model->hazards[at->hazards[i].hazard].id;
		bool any = false;

		tu_buf_c(out, i ? ", " : "");
		add_entry(t, id);
		for (size_t j = 0; j < TU_COUNT(losses); j++)
			if (at->hazards[i].loss & losses[j].bit) {
				tu_buf_printf(
					out, "%s%s", any ? "/" : " on loss of ", losses[j].word);
				any = true;
			}
	}
	tu_json_close_text(t->json, start);
}

static void add_data_asset(struct tu_threagile *t, size_t index)
{
	const struct tu_asset *at = &t->w->model->assets[index];
	char text[200];
	struct tu_buf function = tu_buf_over(text, sizeof(text));

	if (at->function)
		tu_buf_printf(&function, "Function: %s", tu_function_name(at->function));
	tu_json_key_str(t->json, t->assets[index].title);
	tu_json_open_object(t->json);
	tu_json_member_str(t->json, "id", t->assets[index].id);
	tu_lines_open(&t->lines, tu_buf_str(&function), at->id);
	add_name(t, &t->assets[index], at->title);
	if (at->privacy == TU_PRIVACY_NONE)
		tu_lines_text(&t->lines, "privacy", TU_STR("none"));
	tu_lines_close(&t->lines);
	add_word(t, "usage", "business");
	tu_json_member_str(t->json, "owner", t->w->model->manufacturer);
	add_word(t, "quantity", "many");
	add_word(t, "confidentiality",
		at->privacy == TU_PRIVACY_SERIOUS	    ? "confidential"
			: at->privacy == TU_PRIVACY_LIMITED ? "restricted"
							    : "internal");
	tu_json_member_str(t->json, "integrity", criticality(t->w->model, at, TU_LOSS_INTEGRITY));
	tu_json_member_str(
		t->json, "availability", criticality(t->w->model, at, TU_LOSS_AVAILABILITY));
	add_hazards(t, at);
	tu_json_close_object(t->json);
}

/* ---- technical assets and their links ---- */

static void add_link(struct tu_threagile *t, uint32_t index)
{
	const struct tu_model_flow *at = &t->w->model->flows[index];
	struct tu_str protocol = protocol_of(at);
	const struct tu_str unsaid = TU_STR("not stated");
	bool encrypts = word_among(encrypting, TU_COUNT(encrypting), protocol) != NULL;

	tu_json_key_str(t->json, t->flows[index].title);
	tu_json_open_object(t->json);
	tu_json_member_str(t->json, "target", t->elements[at->to].id);
	tu_lines_open(&t->lines, at->description, at->id);
	add_name(t, &t->flows[index], at->name);
	if (!tu_str_eq(at->protocol, protocol))
		tu_lines_text(&t->lines, "protocol", at->protocol);
	tu_lines_flow(&t->lines, at);
	if (encrypts && !at->properties[TU_PROPERTY_INTEGRITY].len)
		tu_lines_text(&t->lines, "integrity", unsaid);
	tu_lines_close(&t->lines);
	tu_json_member_str(t->json, "protocol", protocol);
	tu_json_member_str(t->json, "authentication", authentication_of(at));
	add_word(t, "authorization", "none");
	add_flag(t, "vpn", false);
	add_flag(t, "ip_filtered", false);
	add_flag(t, "readonly", false);
	add_word(t, "usage", "business");
	add_ids(t, "data_assets_sent", &at->assets, true);
	tu_json_close_object(t->json);
}

static bool fact_is(const struct tu_model_element *at, const char *name, const char *value)
{
	return tu_str_ieq(tu_model_fact_get(&at->facts, tu_str_c(name)), tu_str_c(value));
}

/* What Threagile wants to know of a technical asset. */
static void add_ratings(struct tu_threagile *t, const struct tu_model_element *at)
{
	bool hardware = at->kind == TU_ELEMENT_HARDWARE;

	add_word(t, "usage", "business");
	add_flag(t, "used_as_client_by_human", at->kind == TU_ELEMENT_ACTOR);
	add_flag(t, "out_of_scope", at->out_of_scope);
	add_word(t, "size",
		at->kind == TU_ELEMENT_ACTOR || at->kind == TU_ELEMENT_EXTERNAL ? "system"
										: "component");
	add_word(t, "technology", "unknown-technology");
	add_flag(t, "internet", fact_is(at, "inbound", "yes"));
	add_word(t, "machine", "physical");
	add_word(t, "encryption", fact_is(at, "at_rest", "encrypted") ? "transparent" : "none");
	tu_json_member_str(t->json, "owner", t->w->model->manufacturer);
	add_word(t, "confidentiality", "internal");
	add_word(t, "integrity", "operational");
	add_word(t, "availability", "operational");
	add_flag(t, "multi_tenant", fact_is(at, "tenants", "many"));
	add_flag(t, "redundant", false);
	add_flag(t, "custom_developed_parts",
		at->kind == TU_ELEMENT_PROCESS || !at->kind || hardware);
}

static void add_technical_asset(struct tu_threagile *t, uint32_t index)
{
	static const char *const types[] = {
		"process", "external-entity", "external-entity", "process", "datastore", "process"};
	const struct tu_model_element *at = &t->w->model->elements[index];
	bool stored = at->kind == TU_ELEMENT_STORE;

	tu_json_key_str(t->json, t->elements[index].title);
	tu_json_open_object(t->json);
	tu_json_member_str(t->json, "id", t->elements[index].id);
	tu_lines_open(&t->lines, at->description, at->id);
	add_name(t, &t->elements[index], at->name);
	if (at->kind == TU_ELEMENT_HARDWARE)
		tu_lines_text(&t->lines, "kind", TU_STR("hardware"));
	tu_lines_element(&t->lines, at);
	tu_lines_close(&t->lines);
	add_word(t, "type", types[at->kind]);
	add_ratings(t, at);
	add_ids(t, "data_assets_processed", &at->assets, !stored);
	add_ids(t, "data_assets_stored", &at->assets, stored);
	tu_json_key(t->json, "data_formats_accepted");
	tu_json_open_array(t->json);
	tu_json_close_array(t->json);
	open_map(t, "communication_links");
	for (uint32_t i = t->first_flow[index]; i != TU_MODEL_NOWHERE; i = t->next_flow[i])
		add_link(t, i);
	tu_json_close_object(t->json);
	tu_json_close_object(t->json);
}

/* ---- trust boundaries ---- */

static void add_inside(struct tu_threagile *t, const char *key, const uint32_t *next,
	uint32_t first, const struct tu_threagile_key *keys)
{
	tu_json_key(t->json, key);
	tu_json_open_array(t->json);
	for (uint32_t i = first; i != TU_MODEL_NOWHERE; i = next[i])
		tu_json_add_str(t->json, keys[i].id);
	tu_json_close_array(t->json);
}

static void add_boundary(struct tu_threagile *t, uint32_t index)
{
	const struct tu_model_zone *at = &t->w->model->zones[index];

	tu_json_key_str(t->json, t->zones[index].title);
	tu_json_open_object(t->json);
	tu_json_member_str(t->json, "id", t->zones[index].id);
	tu_lines_open(&t->lines, at->description, at->id);
	add_name(t, &t->zones[index], at->name);
	tu_lines_zone(&t->lines, at);
	tu_lines_close(&t->lines);
	tu_json_member_str(t->json, "type", boundary_type(at->role));
	add_inside(t, "technical_assets_inside", t->next_element, t->first_element[index],
		t->elements);
	add_inside(t, "trust_boundaries_nested", t->next_zone, t->first_zone[index], t->zones);
	tu_json_close_object(t->json);
}

/* ---- security requirements ---- */

static void add_covers(struct tu_threagile *t, const struct tu_model_control *at)
{
	const struct tu_model *m = t->w->model;
	bool any = false;

	for (size_t i = 0; i < at->covers.count; i++) {
		struct tu_spot spot = at->covers.at[i];
		struct tu_str id =
			spot.is_flow ? m->flows[spot.index].id : m->elements[spot.index].id;

		if (!tu_threagile_is_entry(id)) {
			t->places++;
			continue;
		}
		tu_buf_printf(t->json->buf, "%s%.*s", any ? ", " : "covers ", TU_STR_FMT(id));
		any = true;
	}
	tu_buf_c(t->json->buf, any ? "; " : "");
}

/* "Category: Authentication; covers f1, pump; evidence TR-7" */
static void add_requirement(struct tu_threagile *t, size_t index)
{
	const struct tu_model_control *at = &t->w->model->controls[index];
	struct tu_str evidence = tu_str_trim(tu_model_writing_evidence(at));
	size_t start;

	tu_json_key_str(t->json, t->controls[index].title);
	start = tu_json_open_text(t->json);
	if (at->category)
		tu_buf_printf(t->json->buf, "Category: %s; ", tu_fda_category_name(at->category));
	add_covers(t, at);
	tu_buf_c(t->json->buf, "evidence ");
	for (size_t i = 0; i < evidence.len; i++)
		tu_buf_byte(t->json->buf, evidence.ptr[i] == ';' ? ',' : evidence.ptr[i]);
	tu_buf_c(t->json->buf, evidence.len ? "" : "none");
	t->evidence += tu_str_find(evidence, ';') < evidence.len;
	tu_json_close_text(t->json, start);
}

/* ---- the document ---- */

static const char *business_criticality(const struct tu_model *model)
{
	static const char *const words[] = {
		"archive", "operational", "important", "critical", "mission-critical"};
	size_t worst = 0;

	for (size_t i = 0; i < model->hazards_count; i++) {
		enum tu_harm harm = model->hazards[i].severity;
		size_t level = harm >= TU_HARM_NEGLIGIBLE ? (size_t)(harm - TU_HARM_NEGLIGIBLE) : 4;

		worst = level > worst ? level : worst;
	}
	return words[model->hazards_count && worst < TU_COUNT(words) ? worst : TU_COUNT(words) - 1];
}

static void add_head(struct tu_threagile *t)
{
	const struct tu_model *m = t->w->model;

	add_word(t, "threagile_version", "1.0.0");
	tu_json_member_str(t->json, "title", m->title.len ? m->title : TU_STR("Model"));
	open_map(t, "author");
	tu_json_member_str(t->json, "name", m->manufacturer);
	tu_json_close_object(t->json);
	add_word(t, "business_criticality", business_criticality(m));
	add_described(t, "business_overview", m->intended_use);
	add_described(t, "technical_overview", m->essential_performance);
	tu_json_key(t->json, "tags_available");
	tu_json_open_array(t->json);
	tu_json_close_array(t->json);
}

static void add_lists(struct tu_threagile *t)
{
	const struct tu_model *m = t->w->model;

	open_map(t, "security_requirements");
	for (size_t i = 0; i < m->controls_count; i++)
		if (m->controls[i].state != TU_CONTROL_PLANNED)
			add_requirement(t, i);
	tu_json_close_object(t->json);
	open_map(t, "data_assets");
	for (size_t i = 0; i < m->assets_count; i++)
		add_data_asset(t, i);
	tu_json_close_object(t->json);
	open_map(t, "technical_assets");
	for (uint32_t i = 0; i < m->elements_count; i++)
		add_technical_asset(t, i);
	tu_json_close_object(t->json);
	open_map(t, "trust_boundaries");
	for (uint32_t i = 0; i < m->zones_count; i++)
		add_boundary(t, i);
	tu_json_close_object(t->json);
	open_map(t, "shared_runtimes");
	tu_json_close_object(t->json);
}

void tu_model_write_threagile(struct tu_model_writing *w)
{
	struct tu_threagile t = {.w = w, .json = &w->json, .lines = {.w = w}};

	if (!tu_threagile_prepare(&t)) {
		w->failed = true;
		return;
	}
	tu_json_open_object(t.json);
	add_head(&t);
	add_lists(&t);
	tu_json_close_object(t.json);
	tu_buf_byte(t.json->buf, '\n');
	tu_threagile_losses(&t);
}
