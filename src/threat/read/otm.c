/*
 * Open Threat Model 0.1 and 0.2 (https://github.com/iriusrisk/OpenThreatModel), made into the
 * neutral form. OTM has zones, components, flows, assets and mitigations; what else a design model
 * states is in "attributes", under our own names. An attribute that is not ours is a fact.
 *
 * A mitigation counts where it is used with the state "implemented"; any other use is planned. A
 * flow in both directions becomes two, the second one with the id "ID:back".
 */
#include "threat/read/native.h"
#include "threat/read/tree.h"
#include "threat/words.h"

#define BACK ":back"

struct mitigation {
	struct tu_branch covers; /* where it is implemented */
	bool implemented, elsewhere; /* somewhere; somewhere it is not */
};

struct otm {
	struct tu_reading *reading;
	struct tu_building building;
	const struct tu_yaml *root;
	struct tu_names components, both_ways, controls;
	struct tu_str no_zone; /* id of the zone that an export makes for what is in none */
	const struct tu_yaml **nodes; /* components by their place in the list */
	struct mitigation *mitigations; /* the same */
};

struct move {
	const char *from, *to; /* NULL: known, and nothing is made of it */
};

struct moves {
	const struct move *at;
	size_t count;
};

#define MOVES(name, ...) \
	static const struct move name##_list[] = {__VA_ARGS__}; \
	static const struct moves name = {name##_list, TU_COUNT(name##_list)}

/* clang-format off */
MOVES(zone_moves, {"id", "id"}, {"name", "name"}, {"description", "description"},
	{"type", NULL}, {"risk", NULL}, {"parent", NULL}, {"representations", NULL},
	{"attributes", NULL}, {"attributes/boundary", "boundary"}, {"attributes/role", "role"});
MOVES(element_moves, {"id", "id"}, {"name", "name"}, {"description", "description"},
	{"type", NULL}, {"parent", NULL}, {"representations", NULL}, {"assets", NULL},
	{"threats", NULL}, {"tags", "functions"}, {"attributes", NULL},
	{"attributes/count", "count"}, {"attributes/patients", "patients"},
	{"attributes/inScope", "in_scope"}, {"attributes/enabled", "enabled"});
MOVES(flow_moves, {"id", "id"}, {"name", "name"}, {"description", "description"},
	{"source", "from"}, {"destination", "to"}, {"bidirectional", NULL}, {"assets", "assets"},
	{"threats", NULL}, {"tags", NULL}, {"representations", NULL}, {"attributes", NULL},
	{"attributes/protocol", "protocol"}, {"attributes/version", "version"},
	{"attributes/channel", "channel"}, {"attributes/medium", "medium"},
	{"attributes/authentication", "authentication"}, {"attributes/integrity", "integrity"},
	{"attributes/encryption", "encryption"}, {"attributes/freshness", "freshness"},
	{"attributes/fan_out", "fan_out"}, {"attributes/enabled", "enabled"});
MOVES(asset_moves, {"id", "id"}, {"name", "title"}, {"description", NULL}, {"risk", NULL},
	{"attributes", NULL}, {"attributes/function", "function"},
	{"attributes/privacy", "privacy"}, {"attributes/hazards", "hazards"});
MOVES(control_moves, {"id", "id"}, {"name", "title"}, {"description", NULL},
	{"riskReduction", NULL}, {"attributes", NULL}, {"attributes/fdaCategory", "category"},
	{"attributes/provides", "provides"}, {"attributes/requirement", "requirement"},
	{"attributes/evidence", "evidence"}, {"attributes/covers", NULL},
	{"attributes/state", "state"});
MOVES(project_moves, {"otmVersion", NULL}, {"project/id", "id"}, {"project/name", "title"},
	{"project/owner", "manufacturer"}, {"project/ownerContact", NULL}, {"project/tags", NULL},
	{"project/description", "intended_use"}, {"project/attributes/version", "version"},
	{"project/attributes/essentialPerformance", "essential_performance"},
	{"project/attributes/deployment", "deployment"},
	{"project/attributes/states", "states"}, {"project/attributes/hazards", "hazards"},
	{"project/attributes/assumptions", "assumptions"},
	{"project/attributes/components", "components"},
	{"project/attributes/credentials", "credentials"},
	{"project/attributes/entries", "entries"}, {"project/attributes/views", "views"});
/* clang-format on */

static struct tu_str text_of(const struct tu_yaml *node)
{
	return node && node->kind == TU_YAML_SCALAR ? node->text : (struct tu_str){0};
}

static struct tu_str member(const struct tu_yaml *map, const char *path)
{
	return text_of(tu_tree_get(map, path));
}

/* The form wants a name: one that is the id is none. */
static bool is_made_up(const struct tu_yaml *from, const struct move *move)
{
	return strcmp(move->from, "name") == 0 &&
		tu_str_eq(member(from, "name"), member(from, "id"));
}

static void move_all(
	const struct moves *moves, const struct tu_yaml *from, struct tu_branch *branch)
{
	for (size_t i = 0; i < moves->count; i++)
		if (moves->at[i].to && !is_made_up(from, &moves->at[i]))
			tu_branch_add(
				branch, moves->at[i].to, tu_tree_get(from, moves->at[i].from));
}

static bool is_known(const struct moves *moves, const char *folder, struct tu_str key)
{
	for (size_t i = 0; i < moves->count; i++) {
		struct tu_str path = tu_str_c(moves->at[i].from);

		if (tu_str_skip(&path, tu_str_c(folder)) && tu_str_eq(path, key))
			return true;
	}
	return false;
}

/* What the tables do not know of a map becomes a fact where there is `facts`, else a loss. */
static enum tu_status rest_of(struct otm *otm, const struct moves *moves, const char *folder,
	const struct tu_yaml *map, struct tu_branch *facts)
{
	enum tu_status status = TU_OK;

	if (!map || map->kind != TU_YAML_MAP)
		return TU_OK;
	for (const struct tu_yaml *node = map->first; node && !status; node = node->next) {
		if (is_known(moves, folder, node->key) || tu_yaml_is_null(node))
			continue;
		if (facts)
			tu_branch_add_str(facts, node->key, node);
		else
			status = tu_reading_lose(
				&otm->reading->form, node, "lost", "nothing here reads this key");
	}
	return status;
}

/* ---- zones ---- */

/* 0 to 100 as 1 to 10; a rating that is no whole number is left to the reader to refuse. */
static void add_trust(struct tu_branch *zone, const struct tu_yaml *rating)
{
	static const char *const words[] = {"1", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
	uint32_t hundredths;

	if (!rating || rating->kind != TU_YAML_SCALAR)
		return;
	if (tu_form_decimal(rating->text, 2, 10000, &hundredths))
		tu_branch_add_text(
			zone, "trust", tu_str_c(words[(hundredths + 999) / 1000]), rating);
	else
		tu_branch_add(zone, "trust", rating);
}

/* A type that is one of our roles. */
static void add_role(struct tu_branch *zone, const struct tu_yaml *type)
{
	struct tu_str text = text_of(type);
	int value = 0;

	if (tu_str_ieq(text, TU_STR("internet")))
		text = TU_STR("public");
	if (tu_words_find(&tu_words_zone_role, text, &value) && value)
		tu_branch_add_text(zone, "role", text, type);
}

/* The component with this id; NULL. */
static const struct tu_yaml *component_of(const struct otm *otm, struct tu_str id)
{
	const struct tu_spot *spot = tu_names_find(&otm->components, id);

	return spot ? otm->nodes[spot->index] : NULL;
}

enum { NESTING_MAX = 32 };

/* The zone that a parent leads to: itself, or that of the component which it names. */
static const struct tu_yaml *zone_of(const struct otm *otm, const struct tu_yaml *parent)
{
	for (int i = 0; parent && i < NESTING_MAX; i++) {
		const struct tu_yaml *zone = tu_tree_get(parent, "trustZone");

		if (zone)
			return tu_str_eq(text_of(zone), otm->no_zone) ? NULL : zone;
		parent = tu_tree_get(component_of(otm, member(parent, "component")), "parent");
	}
	return NULL;
}

static enum tu_status add_zone(struct otm *otm, const struct tu_yaml *item, struct tu_branch *list)
{
	struct tu_branch zone = tu_branch_begin(&otm->building, TU_YAML_MAP, item);

	if (otm->no_zone.len && tu_str_eq(member(item, "id"), otm->no_zone))
		return TU_OK;
	move_all(&zone_moves, item, &zone);
	add_trust(&zone, tu_tree_get(item, "risk/trustRating"));
	if (!tu_tree_get(item, "attributes/role"))
		add_role(&zone, tu_tree_get(item, "type"));
	tu_branch_add(&zone, "parent", zone_of(otm, tu_tree_get(item, "parent")));
	tu_branch_add(list, "", zone.node);
	return rest_of(otm, &zone_moves, "", item, NULL);
}

/* ---- components ---- */

static void add_all(struct tu_branch *list, const struct tu_yaml *from)
{
	for (const struct tu_yaml *node = from ? from->first : NULL; node; node = node->next)
		tu_branch_add(list, "", node);
}

static enum tu_status add_kind(struct otm *otm, const struct tu_yaml *type,
	struct tu_branch *element, struct tu_branch *facts)
{
	int value;

	if (!type || tu_words_find(&tu_words_element_kind, text_of(type), &value)) {
		tu_branch_add(element, "kind", type);
		return TU_OK;
	}
	tu_branch_add(facts, "type", type);
	return tu_reading_lose(&otm->reading->form, type, "question",
		"\"%.*s\" says not whether this is an actor, an external system, a process, a "
		"store or hardware",
		TU_STR_FMT(tu_str_first(text_of(type), 60)));
}

static enum tu_status add_element(
	struct otm *otm, const struct tu_yaml *item, struct tu_branch *list)
{
	struct tu_branch element = tu_branch_begin(&otm->building, TU_YAML_MAP, item);
	struct tu_branch facts = tu_branch_begin(&otm->building, TU_YAML_MAP, item);
	struct tu_branch assets = tu_branch_begin(&otm->building, TU_YAML_LIST, item);
	enum tu_status status;

	move_all(&element_moves, item, &element);
	status = add_kind(otm, tu_tree_get(item, "type"), &element, &facts);
	tu_branch_add(&element, "zone", zone_of(otm, tu_tree_get(item, "parent")));
	add_all(&assets, tu_tree_get(item, "assets/stored"));
	add_all(&assets, tu_tree_get(item, "assets/processed"));
	if (tu_tree_get(item, "assets"))
		tu_branch_add(&element, "assets", assets.node);
	if (status == TU_OK)
		status = rest_of(otm, &element_moves, "attributes/",
			tu_tree_get(item, "attributes"), &facts);
	if (status == TU_OK)
		status = rest_of(otm, &element_moves, "", item, NULL);
	tu_branch_add(&element, "facts", facts.node);
	tu_branch_add(list, "", element.node);
	return status;
}

/* ---- flows ---- */

static bool is_two_way(const struct tu_yaml *item)
{
	const struct tu_yaml *node = tu_tree_get(item, "bidirectional");
	bool yes = false;

	return node && tu_yaml_bool(node, &yes) && yes;
}

static enum tu_status add_carries(
	struct otm *otm, const struct tu_yaml *tags, struct tu_branch *flow)
{
	struct tu_branch carries;
	enum tu_status status = TU_OK;
	int value;

	if (!tags)
		return TU_OK;
	carries = tu_branch_begin(&otm->building, TU_YAML_LIST, tags);
	for (const struct tu_yaml *tag = tags->first; tag && !status; tag = tag->next) {
		if (tu_words_find(&tu_words_carries, text_of(tag), &value))
			tu_branch_add(&carries, "", tag);
		else
			status = tu_reading_lose(&otm->reading->form, tag, "lost",
				"this tag is not one of what flows carry");
	}
	tu_branch_add(flow, "carries", carries.node);
	return status;
}

static struct tu_str back_of(struct otm *otm, struct tu_str id)
{
	struct tu_str back = {0};
	struct tu_buf text;

	tu_buf_init(&text, id.len + sizeof(BACK));
	tu_buf_str_add(&text, id);
	tu_buf_c(&text, BACK);
	if (text.failed || !tu_arena_dup(otm->building.arena, tu_buf_str(&text), &back))
		otm->building.failed = true;
	tu_buf_done(&text);
	return back;
}

static enum tu_status add_flow(
	struct otm *otm, const struct tu_yaml *item, struct tu_branch *list, bool back)
{
	struct tu_branch flow = tu_branch_begin(&otm->building, TU_YAML_MAP, item);
	struct tu_branch facts = tu_branch_begin(&otm->building, TU_YAML_MAP, item);
	enum tu_status status;

	if (back) {
		tu_branch_add_text(&flow, "id", back_of(otm, member(item, "id")), item);
		tu_branch_add(&flow, "from", tu_tree_get(item, "destination"));
		tu_branch_add(&flow, "to", tu_tree_get(item, "source"));
	}
	move_all(&flow_moves, item, &flow); /* of a key twice the first one is read */
	status = add_carries(otm, tu_tree_get(item, "tags"), &flow);
	if (status == TU_OK)
		status = rest_of(
			otm, &flow_moves, "attributes/", tu_tree_get(item, "attributes"), &facts);
	if (status == TU_OK && !back)
		status = rest_of(otm, &flow_moves, "", item, NULL);
	if (status == TU_OK && back)
		status = tu_reading_lose(&otm->reading->form, item, "changed",
			"a flow in both directions is read as two; the second one has \"" BACK
			"\" at the end of its id");
	tu_branch_add(&flow, "facts", facts.node);
	tu_branch_add(list, "", flow.node);
	return status;
}

/* ---- assets and mitigations ---- */

static enum tu_status add_asset(struct otm *otm, const struct tu_yaml *item, struct tu_branch *list)
{
	struct tu_branch asset = tu_branch_begin(&otm->building, TU_YAML_MAP, item);
	enum tu_status status = rest_of(otm, &asset_moves, "", item, NULL);

	move_all(&asset_moves, item, &asset);
	tu_branch_add(list, "", asset.node);
	if (status == TU_OK)
		status = rest_of(
			otm, &asset_moves, "attributes/", tu_tree_get(item, "attributes"), NULL);
	if (status == TU_OK && !tu_tree_get(item, "attributes/hazards"))
		status = tu_reading_lose(&otm->reading->form, item, "question",
			"percentages are no severity: which hazards follow when this is lost?");
	return status;
}

/* One use of a mitigation at a component or a flow. */
static void note_use(struct otm *otm, const struct tu_yaml *use, const struct tu_yaml *place)
{
	const struct tu_spot *spot = tu_names_find(&otm->controls, member(use, "mitigation"));
	struct tu_str id = member(place, "id");
	struct mitigation *mitigation;

	if (!spot)
		return;
	mitigation = &otm->mitigations[spot->index];
	if (!tu_str_ieq(member(use, "state"), TU_STR("implemented"))) {
		mitigation->elsewhere = true;
		return;
	}
	mitigation->implemented = true;
	tu_branch_add_text(&mitigation->covers, "", id, use);
	if (tu_names_find(&otm->both_ways, id))
		tu_branch_add_text(&mitigation->covers, "", back_of(otm, id), use);
}

static void note_uses(struct otm *otm, const struct tu_yaml *places)
{
	for (const struct tu_yaml *place = places ? places->first : NULL; place;
		place = place->next) {
		const struct tu_yaml *threats = tu_tree_get(place, "threats");

		for (const struct tu_yaml *threat = threats ? threats->first : NULL; threat;
			threat = threat->next) {
			const struct tu_yaml *uses = tu_tree_get(threat, "mitigations");

			for (const struct tu_yaml *use = uses ? uses->first : NULL; use;
				use = use->next)
				note_use(otm, use, place);
		}
	}
}

/* Our own list of what it covers counts unless its uses say that it is not everywhere. What is not
 * implemented anywhere is planned for all of it. */
static void add_covers(struct otm *otm, const struct tu_yaml *item, struct tu_branch *control)
{
	struct mitigation *mitigation = &otm->mitigations[item->index];
	const struct tu_yaml *covers = tu_tree_get(item, "attributes/covers");

	if (covers && (!mitigation->elsewhere || !mitigation->implemented))
		add_all(&mitigation->covers, covers);
	tu_branch_add(control, "covers", mitigation->covers.node);
	if (!mitigation->implemented)
		tu_branch_add_text(control, "state", TU_STR("planned"), item);
}

static enum tu_status add_control(
	struct otm *otm, const struct tu_yaml *item, struct tu_branch *list)
{
	struct tu_branch control = tu_branch_begin(&otm->building, TU_YAML_MAP, item);
	enum tu_status status = rest_of(otm, &control_moves, "", item, NULL);

	add_covers(otm, item, &control);
	move_all(&control_moves, item, &control);
	tu_branch_add(list, "", control.node);
	if (status == TU_OK)
		status = rest_of(
			otm, &control_moves, "attributes/", tu_tree_get(item, "attributes"), NULL);
	if (status == TU_OK && !tu_tree_get(item, "attributes/provides"))
		status = tu_reading_lose(&otm->reading->form, item, "question",
			"which property does this mitigation provide? Until it is stated it "
			"settles nothing");
	return status;
}

/* ---- the whole ---- */

typedef enum tu_status add_item(
	struct otm *otm, const struct tu_yaml *item, struct tu_branch *list);

static enum tu_status add_forth(struct otm *otm, const struct tu_yaml *item, struct tu_branch *list)
{
	return add_flow(otm, item, list, false);
}

static enum tu_status add_list(
	struct otm *otm, const char *from, const char *to, add_item *add, struct tu_branch *root)
{
	const struct tu_yaml *items = tu_tree_get(otm->root, from);
	struct tu_branch list;
	enum tu_status status = TU_OK;

	if (!items)
		return TU_OK;
	if (items->kind != TU_YAML_LIST)
		return tu_yaml_fail(otm->reading->form.err, TU_E_SYNTAX, otm->reading->form.file,
			items, "expected a list, not %s", tu_yaml_kind_name(items->kind));
	list = tu_branch_begin(&otm->building, TU_YAML_LIST, items);
	for (const struct tu_yaml *item = items->first; item && !status; item = item->next)
		status = add(otm, item, &list);
	if (add == add_forth) /* the ways back at the end, so that the others keep their places */
		for (const struct tu_yaml *item = items->first; item && !status; item = item->next)
			if (is_two_way(item))
				status = add_flow(otm, item, &list, true);
	tu_branch_add(root, to, list.node);
	return status;
}

static bool name_items(struct otm *otm, const char *list, struct tu_names *names, bool two_way)
{
	const struct tu_yaml *items = tu_tree_get(otm->root, list);
	bool is_new;

	for (const struct tu_yaml *item = items ? items->first : NULL; item; item = item->next) {
		struct tu_str id = member(item, "id");

		if (!id.ptr || (two_way && !is_two_way(item)))
			continue;
		if (!tu_names_add(names, otm->building.arena, id,
			    (struct tu_spot){false, (uint32_t)item->index}, &is_new))
			return false;
	}
	return true;
}

static struct tu_str find_no_zone(const struct tu_yaml *root)
{
	const struct tu_yaml *zones = tu_tree_get(root, "trustZones");

	for (const struct tu_yaml *zone = zones ? zones->first : NULL; zone; zone = zone->next)
		if (tu_tree_get(zone, "attributes/unstated"))
			return member(zone, "id");
	return (struct tu_str){"", 0};
}

static bool prepare(struct otm *otm)
{
	const struct tu_yaml *items = tu_tree_get(otm->root, "mitigations");
	const struct tu_yaml *components = tu_tree_get(otm->root, "components");

	otm->no_zone = find_no_zone(otm->root);
	otm->nodes = tu_arena_array(
		otm->building.arena, components ? components->count : 0, sizeof(*otm->nodes));
	otm->mitigations = tu_arena_array(
		otm->building.arena, items ? items->count : 0, sizeof(*otm->mitigations));
	if (!otm->nodes || !otm->mitigations ||
		!name_items(otm, "components", &otm->components, false) ||
		!name_items(otm, "dataflows", &otm->both_ways, true) ||
		!name_items(otm, "mitigations", &otm->controls, false))
		return false;
	for (const struct tu_yaml *item = items ? items->first : NULL; item; item = item->next)
		otm->mitigations[item->index].covers =
			tu_branch_begin(&otm->building, TU_YAML_LIST, item);
	for (const struct tu_yaml *item = components ? components->first : NULL; item;
		item = item->next)
		otm->nodes[item->index] = item;
	note_uses(otm, components);
	note_uses(otm, tu_tree_get(otm->root, "dataflows"));
	return true;
}

/* Which of our attributes are not used at all: silence about them is the form's. */
static uint32_t lacks(const struct tu_yaml *root)
{
	static const struct {
		const char *path;
		uint32_t bit;
	} rows[] = {
		{"project/attributes/states", TU_FORM_NO_STATES},
		{"project/attributes/components", TU_FORM_NO_COMPONENTS},
		{"project/attributes/views", TU_FORM_NO_VIEWS},
		{"project/attributes/hazards", TU_FORM_NO_HAZARDS},
	};
	uint32_t bits = 0;

	for (size_t i = 0; i < TU_COUNT(rows); i++)
		bits |= tu_tree_get(root, rows[i].path) ? 0 : rows[i].bit;
	return bits;
}

static enum tu_status lose_rest(struct otm *otm)
{
	static const struct {
		const char *key, *message;
	} rows[] = {
		{"representations", "positions of a drawing are not read"},
		{"threats", "threats are derived from the model, not taken over"},
	};
	const struct tu_yaml *node;
	enum tu_status status = rest_of(otm, &project_moves, "project/attributes/",
		tu_tree_get(otm->root, "project/attributes"), NULL);

	for (size_t i = 0; i < TU_COUNT(rows) && !status; i++) {
		node = tu_tree_get(otm->root, rows[i].key);
		if (node && node->count)
			status = tu_reading_lose(
				&otm->reading->form, node, "lost", "%s", rows[i].message);
	}
	return status;
}

static enum tu_status build(struct otm *otm, struct tu_branch *root)
{
	static const struct {
		const char *from, *to;
		add_item *add;
	} lists[] = {
		{"trustZones", "zones", add_zone},
		{"components", "elements", add_element},
		{"dataflows", "flows", add_forth},
		{"assets", "assets", add_asset},
		{"mitigations", "controls", add_control},
	};
	enum tu_status status = prepare(otm) ? TU_OK : tu_form_no_memory(&otm->reading->form);

	move_all(&project_moves, otm->root, root);
	for (size_t i = 0; i < TU_COUNT(lists) && !status; i++)
		status = add_list(otm, lists[i].from, lists[i].to, lists[i].add, root);
	if (status == TU_OK)
		status = lose_rest(otm);
	if (status == TU_OK && otm->building.failed)
		status = tu_form_no_memory(&otm->reading->form);
	return status;
}

enum tu_status tu_otm_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device)
{
	struct otm otm = {
		.reading = reading, .building = {.arena = reading->form.arena}, .root = root};
	struct tu_branch neutral = tu_branch_begin(&otm.building, TU_YAML_MAP, root);
	enum tu_status status = build(&otm, &neutral);

	(void)device;
	reading->model->lacks |= lacks(root);
	return status ? status : tu_neutral_read_made(reading, neutral.node);
}
