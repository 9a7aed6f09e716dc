/*
 * Threagile: maps of data assets, technical assets with their communication links, and trust
 * boundaries. Its fields want a value, so that a default ("none", false) states nothing; what a
 * person must have chosen (a protocol that encrypts, a way to authenticate) is a statement.
 * Schema: Threagile, support/schema.json.
 */
#include "threat/read/foreign.h"

#include "threat/read/made.h"
#include "threat/read/node.h"

/* An id of the file, and what a "ref:" line says that it was. */
struct ref {
	struct tu_str from, to;
};

enum { ASSETS, ELEMENTS, ZONES, LISTS };

struct threagile {
	struct tu_made made;
	struct tu_form *form;
	TU_VEC(struct ref) refs[LISTS];
	struct tu_names known[LISTS]; /* index of a ref by the id of the file */
	struct tu_names ids[LISTS]; /* index of an element or zone of `made` by the same */
};

/* What a chosen word means in ours. */
struct meaning {
	const char *theirs;
	const char *ours;
};

static const struct meaning authentications[] = {
	{"credentials", "password"},
	{"token", "token"},
	{"client-certificate", "mutual"},
	{"two-factor", "mfa"},
	{"session-id", "session"},
	{"externalized", "externalized"},
};

static const struct meaning encrypting[] = {
	{"https", "tls"},
	{"wss", "tls"},
	{"reverse-proxy-web-protocol-encrypted", "tls"},
	{"mqtt-encrypted", "tls"},
	{"ldaps", "tls"},
	{"ftps", "tls"},
	{"smtp-encrypted", "tls"},
	{"pop3-encrypted", "tls"},
	{"imap-encrypted", "tls"},
	{"ssh", "ssh"},
	{"ssh-tunnel", "ssh"},
	{"sftp", "ssh"},
	{"scp", "ssh"},
};

static const struct meaning kinds[] = {
	{"external-entity", "external"},
	{"process", "process"},
	{"datastore", "store"},
};

static struct tu_str meaning_of(const struct meaning *rows, size_t count, struct tu_str word)
{
	for (size_t i = 0; i < count; i++)
		if (tu_str_ieq(word, tu_str_c(rows[i].theirs)))
			return tu_str_c(rows[i].ours);
	return (struct tu_str){"", 0};
}

/* Titles are the keys of the maps; in a model that Threagile has written again they are members. */
static struct tu_str title_of(const struct tu_yaml *node)
{
	struct tu_str title = tu_node_text(node, "title");

	return title.len ? title : node->key;
}

/* ---- ids ---- */

static bool add_ref(struct threagile *t, int list, struct tu_str from, struct tu_str to)
{
	const struct ref ref = {from, to};
	const struct tu_spot spot = {false, (uint32_t)t->refs[list].count};
	bool is_new = false;

	if (!to.len || tu_str_eq(from, to))
		return true;
	return tu_names_add(&t->known[list], t->form->arena, from, spot, &is_new) &&
		(!is_new || TU_VEC_PUSH_IN(t->form->arena, &t->refs[list], ref));
}

static void rename_id(const struct threagile *t, int list, struct tu_str *id)
{
	const struct tu_spot *spot = id->len ? tu_names_find(&t->known[list], *id) : NULL;

	if (spot)
		*id = t->refs[list].at[spot->index].to;
}

static void rename_thing(const struct threagile *t, struct tu_made_thing *thing)
{
	rename_id(t, ELEMENTS, &thing->from);
	rename_id(t, ELEMENTS, &thing->to);
	rename_id(t, ZONES, &thing->zone);
	for (size_t i = 0; i < thing->assets.count; i++)
		rename_id(t, ASSETS, &thing->assets.at[i]);
}

/* When everything is read: an export had to make other ids. */
static void rename_all(struct threagile *t)
{
	struct tu_made *made = &t->made;

	for (size_t i = 0; i < made->assets.count; i++)
		rename_id(t, ASSETS, &made->assets.at[i].id);
	for (size_t i = 0; i < made->elements.count; i++) {
		rename_id(t, ELEMENTS, &made->elements.at[i].id);
		rename_thing(t, &made->elements.at[i]);
	}
	for (size_t i = 0; i < made->flows.count; i++)
		rename_thing(t, &made->flows.at[i]);
	for (size_t i = 0; i < made->zones.count; i++) {
		rename_id(t, ZONES, &made->zones.at[i].id);
		rename_thing(t, &made->zones.at[i]);
	}
}

/* The file's id of a thing; where there is none, the key of its map. */
static struct tu_str id_of(const struct tu_yaml *node)
{
	struct tu_str id = tu_node_text(node, "id");

	return id.len ? id : node->key;
}

/* The first with an id is it: a second one is refused when everything is read. */
static bool know_id(struct threagile *t, int list, struct tu_str id, size_t index)
{
	bool is_new;

	return tu_names_add(&t->ids[list], t->form->arena, id,
		(struct tu_spot){false, (uint32_t)index}, &is_new);
}

static struct tu_made_thing *thing_with(struct threagile *t, int list, struct tu_str id)
{
	const struct tu_spot *spot = id.len ? tu_names_find(&t->ids[list], id) : NULL;
	struct tu_made_thing *things = list == ZONES ? t->made.zones.at : t->made.elements.at;

	return spot ? &things[spot->index] : NULL;
}

/* ---- data assets ---- */

static void take_privacy(
	const struct tu_yaml *node, const struct tu_made_text *text, struct tu_made_asset *asset)
{
	struct tu_str word = tu_node_text(node, "confidentiality");

	/* both words are a person's choice; the lower ones are what a data asset begins with */
	if (tu_str_ieq(word, TU_STR("confidential")) ||
		tu_str_ieq(word, TU_STR("strictly-confidential")))
		asset->privacy = TU_STR("serious");
	else if (tu_str_ieq(word, TU_STR("restricted")))
		asset->privacy = TU_STR("limited");
	else
		asset->privacy = tu_made_line(text, "privacy");
}

static enum tu_status take_data_asset(struct threagile *t, const struct tu_yaml *node)
{
	struct tu_str hazards = tu_node_text(node, "justification_cia_rating");
	struct tu_made_asset asset = {id_of(node), title_of(node), {0}, {0}, {0}};
	struct tu_made_text text;
	enum tu_status status = tu_made_take(t->form, tu_node_text(node, "description"), &text);

	if (status != TU_OK)
		return status;
	if (tu_made_line(&text, "name").len)
		asset.title = tu_made_line(&text, "name");
	if (tu_str_skip(&text.prose, TU_STR("Function: ")))
		asset.function = text.prose;
	if (tu_str_skip(&hazards, TU_STR("Hazards: ")))
		asset.hazards = hazards;
	take_privacy(node, &text, &asset);
	return add_ref(t, ASSETS, asset.id, tu_made_line(&text, "ref")) &&
			TU_VEC_PUSH_IN(t->form->arena, &t->made.assets, asset)
		? TU_OK
		: tu_form_no_memory(t->form);
}

/* ---- technical assets ---- */

static bool add_asset_ids(
	struct threagile *t, const struct tu_yaml *list, struct tu_made_thing *thing)
{
	for (const struct tu_yaml *at = list ? list->first : NULL; at; at = at->next) {
		bool there = false;

		for (size_t i = 0; i < thing->assets.count; i++)
			there = there || tu_str_eq(thing->assets.at[i], at->text);
		if (at->kind == TU_YAML_SCALAR && !there &&
			!tu_made_line(&thing->text, "assets").len &&
			!TU_VEC_PUSH_IN(t->form->arena, &thing->assets, at->text))
			return false;
	}
	return true;
}

static bool state_link(struct threagile *t, const struct tu_yaml *link, struct tu_made_thing *flow)
{
	struct tu_str encryption =
		meaning_of(encrypting, TU_COUNT(encrypting), tu_node_text(link, "protocol"));
	struct tu_str authentication = meaning_of(
		authentications, TU_COUNT(authentications), tu_node_text(link, "authentication"));

	if (tu_node_true(link, "vpn"))
		encryption = TU_STR("vpn");
	return tu_made_state(&t->made, flow, "authentication", authentication) &&
		tu_made_state(&t->made, flow, "encryption", encryption) &&
		tu_made_state(&t->made, flow, "integrity", encryption) &&
		add_asset_ids(t, tu_node(link, "data_assets_sent"), flow) &&
		add_asset_ids(t, tu_node(link, "data_assets_received"), flow);
}

/* "console>Sets": links have no ids. */
static bool name_link(struct threagile *t, struct tu_made_thing *flow)
{
	size_t len = flow->from.len + 1 + flow->name.len;
	char *id = tu_arena_text(t->form->arena, len);

	if (!id)
		return false;
	memcpy(id, flow->from.ptr, flow->from.len);
	id[flow->from.len] = '>';
	memcpy(id + flow->from.len + 1, flow->name.ptr, flow->name.len);
	flow->id = tu_str_of(id, len);
	return true;
}

static enum tu_status take_link(struct threagile *t, const struct tu_yaml *link, struct tu_str from)
{
	struct tu_made_thing flow = {.name = title_of(link),
		.from = from,
		.to = tu_node_text(link, tu_node(link, "target") ? "target" : "target_id"),
		.protocol = tu_node_text(link, "protocol")};
	enum tu_status status =
		tu_made_take(t->form, tu_node_text(link, "description"), &flow.text);

	if (status == TU_OK && !thing_with(t, ELEMENTS, flow.to))
		status = tu_yaml_fail(t->form->err, TU_E_SYNTAX, t->form->file, link,
			"the link leads to no technical asset: there is no \"%.*s\"",
			TU_STR_FMT(tu_str_first(flow.to, 60)));
	if (status != TU_OK)
		return status;
	if (tu_str_ieq(flow.protocol, TU_STR("unknown-protocol")))
		flow.protocol = (struct tu_str){"", 0};
	flow.id = tu_made_line(&flow.text, "ref");
	return (flow.id.len || name_link(t, &flow)) && state_link(t, link, &flow) &&
			TU_VEC_PUSH_IN(t->form->arena, &t->made.flows, flow)
		? TU_OK
		: tu_form_no_memory(t->form);
}

static bool state_asset(
	struct threagile *t, const struct tu_yaml *node, struct tu_made_thing *element)
{
	struct tu_str encryption = tu_node_text(node, "encryption");
	bool fine = true;

	if (encryption.len && !tu_str_ieq(encryption, TU_STR("none")))
		fine = tu_made_state(&t->made, element, "at_rest", TU_STR("encrypted"));
	if (tu_node_true(node, "multi_tenant"))
		fine = fine && tu_made_state(&t->made, element, "tenants", TU_STR("many"));
	if (tu_node_true(node, "internet"))
		fine = fine && tu_made_state(&t->made, element, "inbound", TU_STR("yes"));
	return fine && add_asset_ids(t, tu_node(node, "data_assets_processed"), element) &&
		add_asset_ids(t, tu_node(node, "data_assets_stored"), element);
}

static enum tu_status take_technical_asset(struct threagile *t, const struct tu_yaml *node)
{
	struct tu_made_thing element = {.name = title_of(node),
		.id = id_of(node),
		.out_of_scope = tu_node_true(node, "out_of_scope")};
	struct tu_str kind = meaning_of(kinds, TU_COUNT(kinds), tu_node_text(node, "type"));
	enum tu_status status =
		tu_made_take(t->form, tu_node_text(node, "description"), &element.text);

	if (status != TU_OK)
		return status;
	if (tu_node_true(node, "used_as_client_by_human") && tu_str_eq(kind, TU_STR("external")))
		kind = TU_STR("actor");
	element.kind = kind.len ? kind.ptr : NULL;
	if (!state_asset(t, node, &element) ||
		!know_id(t, ELEMENTS, element.id, t->made.elements.count) ||
		!add_ref(t, ELEMENTS, element.id, tu_made_line(&element.text, "ref")) ||
		!TU_VEC_PUSH_IN(t->form->arena, &t->made.elements, element))
		return tu_form_no_memory(t->form);
	return TU_OK;
}

static enum tu_status take_links(struct threagile *t, const struct tu_yaml *node)
{
	const struct tu_yaml *links = tu_node(node, "communication_links");
	enum tu_status status = TU_OK;

	for (const struct tu_yaml *at = links ? links->first : NULL; at && !status; at = at->next)
		status = take_link(t, at, id_of(node));
	return status;
}

/* ---- trust boundaries ---- */

/* "What is inside; border: what the border is". */
static bool take_border(struct threagile *t, struct tu_made_thing *zone)
{
	const struct tu_str between = TU_STR("; border: ");
	struct tu_made_line *line = tu_arena_alloc(t->form->arena, sizeof(*line));
	struct tu_str prose = zone->text.prose;

	if (!line)
		return false;
	for (size_t i = 0; i < prose.len; i++) {
		struct tu_str border = tu_str_from(prose, i);

		if (!tu_str_skip(&border, between))
			continue;
		*line = (struct tu_made_line){TU_STR("border"), border};
		zone->text = (struct tu_made_text){tu_str_of(prose.ptr, i), line, 1};
		break;
	}
	return true;
}

/* What a boundary says is in it. A thing that is in two is in the first: which is right is not
 * known. */
static enum tu_status put_inside(struct threagile *t, const struct tu_yaml *name,
	struct tu_made_thing *thing, struct tu_str zone)
{
	if (!thing)
		return tu_reading_lose(t->form, name, "question",
			"there is no \"%.*s\" that could be in this boundary",
			TU_STR_FMT(tu_str_first(name->text, 60)));
	if (thing->zone.len && !tu_str_eq(thing->zone, zone))
		return tu_reading_lose(t->form, name, "question",
			"\"%.*s\" is in two boundaries: the first one counts",
			TU_STR_FMT(tu_str_first(name->text, 60)));
	thing->zone = zone;
	return TU_OK;
}

static enum tu_status take_boundary(struct threagile *t, const struct tu_yaml *node)
{
	struct tu_made_thing zone = {.name = title_of(node), .id = id_of(node)};
	const struct tu_yaml *inside = tu_node(node, "technical_assets_inside");
	enum tu_status status =
		tu_made_take(t->form, tu_node_text(node, "description"), &zone.text);

	if (status != TU_OK)
		return status;
	if (!tu_made_line(&zone.text, "ref").len && !take_border(t, &zone))
		return tu_form_no_memory(t->form);
	for (const struct tu_yaml *at = inside ? inside->first : NULL; at && !status; at = at->next)
		status = put_inside(t, at, thing_with(t, ELEMENTS, at->text), zone.id);
	if (status != TU_OK)
		return status;
	return know_id(t, ZONES, zone.id, t->made.zones.count) &&
			add_ref(t, ZONES, zone.id, tu_made_line(&zone.text, "ref")) &&
			TU_VEC_PUSH_IN(t->form->arena, &t->made.zones, zone)
		? TU_OK
		: tu_form_no_memory(t->form);
}

/* The chain of parents from `zone` comes to `id`. */
static bool leads_to(struct threagile *t, struct tu_str zone, struct tu_str id)
{
	for (size_t i = 0; i <= t->made.zones.count && zone.len; i++) {
		const struct tu_made_thing *up = thing_with(t, ZONES, zone);

		if (tu_str_eq(zone, id))
			return true;
		zone = up ? up->zone : (struct tu_str){0};
	}
	return false;
}

static enum tu_status nest(struct threagile *t, const struct tu_yaml *node)
{
	const struct tu_yaml *nested = tu_node(node, "trust_boundaries_nested");
	struct tu_str id = id_of(node);
	enum tu_status status = TU_OK;

	for (const struct tu_yaml *at = nested ? nested->first : NULL; at && !status;
		at = at->next) {
		struct tu_made_thing *zone = thing_with(t, ZONES, at->text);

		if (zone && leads_to(t, id, zone->id))
			return tu_yaml_fail(t->form->err, TU_E_SYNTAX, t->form->file, at,
				"the boundary \"%.*s\" is in itself",
				TU_STR_FMT(tu_str_first(zone->id, 60)));
		status = put_inside(t, at, zone, id);
	}
	return status;
}

/* ---- security requirements: controls, where they say so ---- */

static struct tu_str unless(struct tu_str text, const char *word)
{
	return tu_str_ieq(text, tu_str_c(word)) ? (struct tu_str){"", 0} : text;
}

static bool take_covers(struct threagile *t, struct tu_str words, struct tu_made_control *control)
{
	struct tu_str word;

	while (tu_str_split(&words, ',', &word))
		if (!TU_VEC_PUSH_IN(t->form->arena, &control->covers, tu_str_trim(word)))
			return false;
	return true;
}

/* One part of "Category: …; covers a, b; evidence E", as our exports write it. */
static bool take_part(struct threagile *t, struct tu_str part, struct tu_made_control *control)
{
	if (tu_str_skip(&part, TU_STR("Category: ")))
		control->category = part;
	else if (tu_str_skip(&part, TU_STR("evidence ")))
		control->evidence = unless(part, "none");
	else if (tu_str_skip(&part, TU_STR("covers ")))
		return take_covers(t, part, control);
	return true;
}

static enum tu_status take_requirement(struct threagile *t, const struct tu_yaml *node)
{
	struct tu_made_control control = {.title = node->key};
	struct tu_str rest = node->text, part;
	size_t colon = tu_str_find(node->key, ':');

	while (node->kind == TU_YAML_SCALAR && tu_str_split(&rest, ';', &part))
		if (!take_part(t, tu_str_trim(part), &control))
			return tu_form_no_memory(t->form);
	if (!control.covers.count)
		return tu_reading_lose(t->form, node, "lost",
			"the security requirement says of no element or flow that it covers it");
	if (colon < node->key.len) {
		control.requirement = unless(tu_str_of(node->key.ptr, colon), "No requirement");
		control.title = tu_str_trim(tu_str_from(node->key, colon + 1));
	}
	return TU_VEC_PUSH_IN(t->form->arena, &t->made.controls, control)
		? TU_OK
		: tu_form_no_memory(t->form);
}

/* ---- the document ---- */

static const struct {
	const char *key;
	enum tu_status (*take)(struct threagile *t, const struct tu_yaml *node);
} parts[] = {
	{"data_assets", take_data_asset},
	{"technical_assets", take_technical_asset},
	{"technical_assets", take_links},
	{"trust_boundaries", take_boundary},
	{"trust_boundaries", nest},
	{"security_requirements", take_requirement},
};

/* What Threagile has beside these, each with what becomes of it. */
static const char *const lost[] = {"shared_runtimes", "individual_risk_categories", "risk_tracking",
	"questions", "abuse_cases"};

static enum tu_status name_losses(struct threagile *t, const struct tu_yaml *root)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(lost) && !status; i++) {
		const struct tu_yaml *node = tu_node(root, lost[i]);

		if (node && node->count)
			status = tu_reading_lose(t->form, node, "lost",
				"\"%s\": nothing here takes its %zu entries", lost[i], node->count);
	}
	return status;
}

enum tu_status tu_threagile_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device)
{
	struct threagile t = {.made = {.reading = reading,
				      .title = tu_node_text(root, "title"),
				      .manufacturer = tu_node_text(tu_node(root, "author"), "name"),
				      .intended_use = tu_node_text(
					      tu_node(root, "business_overview"), "description"),
				      .essential_performance = tu_node_text(
					      tu_node(root, "technical_overview"), "description")},
		.form = &reading->form};
	enum tu_status status = name_losses(&t, root);

	(void)device;
	for (size_t i = 0; i < TU_COUNT(parts) && !status; i++) {
		const struct tu_yaml *map = tu_node(root, parts[i].key);

		for (const struct tu_yaml *at = map ? map->first : NULL; at && !status;
			at = at->next)
			status = parts[i].take(&t, at);
	}
	rename_all(&t);
	return status ? status : tu_made_read(&t.made);
}
