#include "concept/seed.h"

#include "concept/lines.h"

static void text(struct tu_buf *out, const char *key, struct tu_str value)
{
	if (!value.len)
		return;
	tu_buf_printf(out, "%s: ", key);
	tu_yaml_write_scalar(value, 4, out);
	tu_buf_byte(out, '\n');
}

static void texts(struct tu_buf *out, const char *key, const struct tu_texts *list)
{
	if (!list->count)
		return;
	tu_buf_printf(out, "%s: [", key);
	for (size_t i = 0; i < list->count; i++)
		tu_buf_printf(out, "%s%.*s", i ? ", " : "", TU_STR_FMT(list->at[i]));
	tu_buf_c(out, "]\n");
}

static const struct tu_concept_part *part(
	const struct tu_concept_seeding *s, enum tu_part_kind kind, size_t n)
{
	return &s->state->catalogue->parts[kind].at[s->state->parts[kind].at[n]];
}

static struct tu_str id_of(
	const struct tu_concept_seeding *s, enum tu_part_kind kind, uint32_t index)
{
	return s->state->catalogue->parts[kind].at[index].id;
}

/* ---- model.yaml ---- */

/* What a product without hardware of its own runs on is not its enclosure. */
static struct tu_str role_of(const struct tu_concept_seeding *s, const struct tu_concept_part *zone)
{
	enum tu_device_class of = s->state->record->device_class;

	if (!tu_str_eq(zone->word, TU_STR("device")))
		return zone->word;
	if (of == TU_CLASS_CLOUD)
		return TU_STR("cloud");
	return of == TU_CLASS_SOFTWARE ? TU_STR("") : zone->word;
}

static void write_zone(
	const struct tu_concept_seeding *s, const struct tu_concept_part *zone, struct tu_buf *out)
{
	text(out, "- id", zone->id);
	text(out, "  name", zone->name);
	text(out, "  role", role_of(s, zone));
}

/* The assets of device.yaml that have the function; `n`: how many were written before. */
static void write_assets_of(
	const struct tu_concept_seeding *s, struct tu_str function, size_t *n, struct tu_buf *out)
{
	for (size_t i = 0; s->device && i < s->device->asset_count; i++) {
		const struct tu_asset *asset = &s->device->assets[i];

		if (!tu_str_eq(tu_str_c(tu_function_name(asset->function)), function))
			continue;
		tu_buf_c(out, (*n)++ ? ", " : "assets: [");
		tu_yaml_write_scalar(asset->id, 4, out);
	}
}

static void write_assets(const struct tu_concept_seeding *s, const struct tu_concept_part *element,
	struct tu_buf *out)
{
	struct tu_buf list;
	size_t n = 0;

	tu_buf_init(&list, 1 << 20);
	for (size_t f = 0; f < element->words.count; f++)
		write_assets_of(s, element->words.at[f], &n, &list);
	if (n)
		tu_buf_printf(out, "  %.*s]\n", TU_STR_FMT(tu_buf_str(&list)));
	out->failed = out->failed || list.failed;
	tu_buf_done(&list);
}

static void write_facts(
	const struct tu_concept_seed *seed, uint32_t element, size_t *n, struct tu_buf *out)
{
	for (size_t i = 0; i < seed->fact_count; i++) {
		const struct tu_concept_fact *fact = &seed->facts[i];

		if (fact->element == element)
			tu_buf_printf(out, "%s%.*s: \"%.*s\"", (*n)++ ? ", " : "  facts: {",
				TU_STR_FMT(fact->name), TU_STR_FMT(fact->value));
	}
}

static void write_element(const struct tu_concept_seeding *s, const struct tu_concept_part *element,
	struct tu_buf *out)
{
	const struct tu_concept_catalogue *catalogue = s->state->catalogue;
	uint32_t index = (uint32_t)(element - catalogue->parts[TU_PART_ELEMENT].at);
	size_t n = 0;

	text(out, "- id", element->id);
	text(out, "  kind", element->word);
	text(out, "  name", element->name);
	text(out, "  zone", id_of(s, TU_PART_ZONE, tu_concept_zone_of(s->state, element)));
	texts(out, "  functions", &element->words);
	write_assets(s, element, out);
	for (size_t i = 0; i < catalogue->question_count; i++) {
		if (s->state->standings[i].reply == TU_REPLY_YES)
			write_facts(&catalogue->questions[i].yes, index, &n, out);
		if (s->state->standings[i].reply == TU_REPLY_NO)
			write_facts(&catalogue->questions[i].no, index, &n, out);
	}
	if (n)
		tu_buf_c(out, "}\n");
}

static void write_flow(
	const struct tu_concept_seeding *s, const struct tu_concept_part *flow, struct tu_buf *out)
{
	text(out, "- id", flow->id);
	text(out, "  from", id_of(s, TU_PART_ELEMENT, flow->from));
	text(out, "  to", id_of(s, TU_PART_ELEMENT, flow->to));
	text(out, "  name", flow->name);
	text(out, "  medium", flow->word);
	texts(out, "  carries", &flow->words);
}

/* ---- views ---- */

static const struct tu_concept_part *end_of(
	const struct tu_concept_seeding *s, const struct tu_concept_part *flow, bool to)
{
	const struct tu_concept_parts *elements = &s->state->catalogue->parts[TU_PART_ELEMENT];

	return &elements->at[to ? flow->to : flow->from];
}

static bool has_word(const struct tu_concept_part *one, const char *word)
{
	for (size_t i = 0; i < one->words.count; i++)
		if (tu_str_eq(one->words.at[i], tu_str_c(word)))
			return true;
	return false;
}

/* A process of this product elsewhere than in the device or with one user: it serves many. */
static bool serves_many(const struct tu_concept_seeding *s, const struct tu_concept_part *element)
{
	struct tu_str zone = id_of(s, TU_PART_ZONE, tu_concept_zone_of(s->state, element));

	return tu_str_eq(element->word, TU_STR("process")) &&
		(tu_str_eq(zone, TU_STR("hospital")) || tu_str_eq(zone, TU_STR("cloud")) ||
			tu_str_eq(zone, TU_STR("manufacturer")));
}

static bool of_update(const struct tu_concept_seeding *s, const struct tu_concept_part *flow)
{
	(void)s;
	return has_word(flow, "update");
}

static bool of_many(const struct tu_concept_seeding *s, const struct tu_concept_part *flow)
{
	return serves_many(s, end_of(s, flow, false)) || serves_many(s, end_of(s, flow, true));
}

static bool of_service(const struct tu_concept_seeding *s, const struct tu_concept_part *flow)
{
	for (int to = 0; to < 2; to++)
		if (has_word(end_of(s, flow, to), "service") ||
			has_word(end_of(s, flow, to), "production"))
			return true;
	return false;
}

static bool of_use(const struct tu_concept_seeding *s, const struct tu_concept_part *flow)
{
	return !of_update(s, flow) && !of_service(s, flow);
}

/* A view of FDA's four; a use case is a view of each state of use. */
static const struct view {
	const char *head;
	bool (*has)(const struct tu_concept_seeding *s, const struct tu_concept_part *flow);
} views[] = {
	{"- id: v-multi\n  kind: multi-patient\n  title: Multi-patient harm\n", of_many},
	{"- id: v-update\n  kind: updateability\n  title: Update and patch path\n", of_update},
	{"- id: v-use\n  kind: use-case\n  title: Clinical use\n", of_use},
	{"- id: v-service\n  kind: use-case\n  title: Service and production\n", of_service},
};

static bool has_end(const struct tu_concept_seeding *s, const struct view *view, uint32_t element)
{
	for (size_t i = 0; i < s->state->parts[TU_PART_FLOW].count; i++) {
		const struct tu_concept_part *flow = part(s, TU_PART_FLOW, i);

		if ((flow->from == element || flow->to == element) && view->has(s, flow))
			return true;
	}
	return false;
}

/* The flows of the view and their ends; false: it has none. */
static bool write_view(
	const struct tu_concept_seeding *s, const struct view *view, struct tu_buf *out)
{
	const struct tu_indexes *elements = &s->state->parts[TU_PART_ELEMENT];
	size_t flows = 0, ends = 0;

	for (size_t i = 0; i < s->state->parts[TU_PART_FLOW].count; i++) {
		const struct tu_concept_part *flow = part(s, TU_PART_FLOW, i);

		if (!view->has(s, flow))
			continue;
		if (!flows)
			tu_buf_printf(out, "%s  flows: [", view->head);
		tu_buf_printf(out, "%s%.*s", flows++ ? ", " : "", TU_STR_FMT(flow->id));
	}
	if (!flows)
		return false;
	for (size_t i = 0; i < elements->count; i++)
		if (has_end(s, view, elements->at[i]))
			tu_buf_printf(out, "%s%.*s", ends++ ? ", " : "]\n  elements: [",
				TU_STR_FMT(id_of(s, TU_PART_ELEMENT, elements->at[i])));
	tu_buf_c(out, "]\n");
	return true;
}

/* How many. Only for a new model: in one that exists, a person has chosen what is shown. */
static size_t write_views(const struct tu_concept_seeding *s, struct tu_buf *out)
{
	size_t n = 1;

	if (s->model.len || !s->state->parts[TU_PART_ELEMENT].count)
		return 0;
	tu_buf_c(out,
		"- id: v-global\n  kind: global\n  title: Global system\n  elements: \"*\"\n"
		"  flows: \"*\"\n");
	for (size_t i = 0; i < TU_COUNT(views); i++)
		n += write_view(s, &views[i], out);
	return n;
}

static const struct list {
	const char *key;
	enum tu_part_kind kind;
	size_t count; /* offset in struct tu_concept_seeded */
	void (*write)(const struct tu_concept_seeding *s, const struct tu_concept_part *part,
		struct tu_buf *out);
} lists[] = {
	{"zones", TU_PART_ZONE, offsetof(struct tu_concept_seeded, zones), write_zone},
	{"elements", TU_PART_ELEMENT, offsetof(struct tu_concept_seeded, elements), write_element},
	{"flows", TU_PART_FLOW, offsetof(struct tu_concept_seeded, flows), write_flow},
};

static const struct tu_yaml *by_id(const struct tu_yaml *root, struct tu_str key, struct tu_str id)
{
	const struct tu_yaml *list = tu_yaml_get(root, key);

	for (const struct tu_yaml *item = list ? list->first : NULL; item; item = item->next) {
		const struct tu_yaml *node = tu_yaml_get(item, TU_STR("id"));

		if (node && tu_str_eq(node->text, id))
			return item;
	}
	return NULL;
}

static bool has_id(const struct tu_yaml *root, struct tu_str key, struct tu_str id)
{
	return by_id(root, key, id) != NULL;
}

/* An element and a flow never have the same id, a zone may. */
static bool is_there(const struct tu_yaml *root, const struct list *list, struct tu_str id)
{
	return list->kind == TU_PART_ZONE
		? has_id(root, TU_STR("zones"), id)
		: has_id(root, TU_STR("elements"), id) || has_id(root, TU_STR("flows"), id);
}

/* An end that is no element of the model: the flow cannot be there. */
static bool has_ends(const struct tu_concept_seeding *s, const struct tu_yaml *root,
	const struct tu_concept_part *flow)
{
	return !has_id(root, TU_STR("flows"), id_of(s, TU_PART_ELEMENT, flow->from)) &&
		!has_id(root, TU_STR("flows"), id_of(s, TU_PART_ELEMENT, flow->to));
}

/* What the list does not have yet; how many. */
static size_t write_missing(const struct tu_concept_seeding *s, const struct list *list,
	const struct tu_yaml *root, struct tu_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->state->parts[list->kind].count; i++) {
		const struct tu_concept_part *one = part(s, list->kind, i);

		if (is_there(root, list, one->id) ||
			(list->kind == TU_PART_FLOW && !has_ends(s, root, one)))
			continue;
		list->write(s, one, out);
		n++;
	}
	return n;
}

static const char new_model[] =
	"# The design model: docs/formats/model.md. Seeded by the answers of the concept phase:\n"
	"# what they do not state is not here, and becomes a question.\n"
	"schema: tutela-model/1\n";

struct adding {
	const struct tu_concept_seeding *s;
	const struct tu_yaml *root; /* the model as it was */
	struct tu_str text; /* as it is by now */
	struct tu_concept_seeded seeded;
};

static enum tu_status add_lines(
	struct adding *a, const struct tu_lines_new *added, struct tu_error *err)
{
	const struct tu_lines lines = {a->s->arena, a->s->model_file, a->text};
	struct tu_buf grown;
	enum tu_status status;

	tu_buf_init(&grown, 32 << 20);
	status = tu_lines_add(&lines, added, &grown, err);
	if (status == TU_OK && !tu_arena_dup(a->s->arena, tu_buf_str(&grown), &a->text))
		status = tu_no_memory(err);
	tu_buf_done(&grown);
	return status;
}

static enum tu_status add_list(struct adding *a, const struct list *list, struct tu_error *err)
{
	size_t *count = (size_t *)(void *)((char *)&a->seeded + list->count);
	struct tu_buf items;
	enum tu_status status = TU_OK;

	tu_buf_init(&items, 4 << 20);
	*count = write_missing(a->s, list, a->root, &items);
	if (items.failed)
		status = tu_no_memory(err);
	else if (*count)
		status = add_lines(a,
			&(struct tu_lines_new){tu_str_c(list->key), tu_buf_str(&items), *count},
			err);
	tu_buf_done(&items);
	return status;
}

static enum tu_status add_views(struct adding *a, struct tu_error *err)
{
	struct tu_buf items;
	enum tu_status status = TU_OK;

	tu_buf_init(&items, 4 << 20);
	a->seeded.views = write_views(a->s, &items);
	if (items.failed)
		status = tu_no_memory(err);
	else if (a->seeded.views)
		status = add_lines(a,
			&(struct tu_lines_new){
				TU_STR("views"), tu_buf_str(&items), a->seeded.views},
			err);
	tu_buf_done(&items);
	return status;
}

enum tu_status tu_concept_seed_model(const struct tu_concept_seeding *s, struct tu_buf *out,
	struct tu_concept_seeded *out_seeded, struct tu_error *err)
{
	struct adding a = {.s = s, .text = s->model.len ? s->model : tu_str_c(new_model)};
	enum tu_status status = tu_yaml_parse(s->arena, s->model_file, a.text, NULL, &a.root, err);

	for (size_t i = 0; i < TU_COUNT(lists) && !status; i++)
		status = add_list(&a, &lists[i], err);
	if (status == TU_OK)
		status = add_views(&a, err);
	if (status != TU_OK)
		return status;
	if (a.seeded.zones + a.seeded.elements + a.seeded.flows)
		tu_buf_str_add(out, a.text);
	*out_seeded = a.seeded;
	return out->failed ? tu_no_memory(err) : TU_OK;
}

/* ---- facts of elements that are in the model ---- */

static void write_fact(const struct tu_concept_seeding *s, const struct tu_yaml *root,
	const struct tu_concept_question *question, const struct tu_concept_fact *fact,
	struct tu_buf *out)
{
	struct tu_str id = id_of(s, TU_PART_ELEMENT, fact->element);
	const struct tu_yaml *element = by_id(root, TU_STR("elements"), id);
	const struct tu_yaml *stated =
		tu_yaml_get(element ? tu_yaml_get(element, TU_STR("facts")) : NULL, fact->name);

	if (!element || (stated && tu_str_ieq(stated->text, fact->value)))
		return;
	tu_buf_printf(out, "%.*s: %.*s: \"%.*s\" (answer to %.*s; the model ", TU_STR_FMT(id),
		TU_STR_FMT(fact->name), TU_STR_FMT(fact->value), TU_STR_FMT(question->id));
	if (stated)
		tu_buf_printf(
			out, "states \"%.*s\")\n", TU_STR_FMT(tu_str_first(stated->text, 60)));
	else
		tu_buf_c(out, "does not state it)\n");
}

/* An element that was there before device.yaml had its assets. */
static void write_assets_missing(
	const struct tu_concept_seeding *s, const struct tu_yaml *element, struct tu_buf *out)
{
	const struct tu_yaml *id = tu_yaml_get(element, TU_STR("id"));
	const struct tu_yaml *functions = tu_yaml_get(element, TU_STR("functions"));
	struct tu_buf list;
	size_t n = 0;

	if (!id || !functions || tu_yaml_get(element, TU_STR("assets")))
		return;
	tu_buf_init(&list, 1 << 20);
	for (const struct tu_yaml *f = functions->first; f; f = f->next)
		write_assets_of(s, f->text, &n, &list);
	if (n)
		tu_buf_printf(out,
			"%.*s: %.*s] (device.yaml has them; the model, line %u, states no "
			"assets)\n",
			TU_STR_FMT(tu_str_first(id->text, 60)), TU_STR_FMT(tu_buf_str(&list)),
			element->line);
	out->failed = out->failed || list.failed;
	tu_buf_done(&list);
}

enum tu_status tu_concept_seed_facts(
	const struct tu_concept_seeding *s, struct tu_buf *out, struct tu_error *err)
{
	const struct tu_concept_catalogue *catalogue = s->state->catalogue;
	const struct tu_yaml *root, *elements;
	enum tu_status status = tu_yaml_parse(s->arena, s->model_file, s->model, NULL, &root, err);

	elements = status ? NULL : tu_yaml_get(root, TU_STR("elements"));
	for (const struct tu_yaml *e = elements ? elements->first : NULL; e; e = e->next)
		write_assets_missing(s, e, out);
	for (size_t i = 0; i < catalogue->question_count && !status; i++) {
		const struct tu_concept_question *question = &catalogue->questions[i];
		enum tu_reply reply = s->state->standings[i].reply;
		const struct tu_concept_seed *seed =
			reply == TU_REPLY_YES ? &question->yes : &question->no;

		if (reply != TU_REPLY_YES && reply != TU_REPLY_NO)
			continue;
		for (size_t n = 0; n < seed->fact_count; n++)
			write_fact(s, root, question, &seed->facts[n], out);
	}
	return status;
}

/* ---- what is unknown ---- */

static void write_unknown(const struct tu_concept_seeding *s,
	const struct tu_concept_question *question, struct tu_buf *out)
{
	const struct tu_concept_catalogue *catalogue = s->state->catalogue;
	const struct tu_concept_seed *seed =
		question->yes.fact_count ? &question->yes : &question->no;

	tu_buf_printf(out, "%.*s: %.*s", TU_STR_FMT(question->id), TU_STR_FMT(question->text));
	for (size_t i = 0; i < seed->fact_count; i++)
		tu_buf_printf(out, "%s%.*s of %.*s", i ? ", " : " (",
			TU_STR_FMT(seed->facts[i].name),
			TU_STR_FMT(
				catalogue->parts[TU_PART_ELEMENT].at[seed->facts[i].element].id));
	tu_buf_c(out, seed->fact_count ? ")\n" : "\n");
}

void tu_concept_seed_unknown(const struct tu_concept_seeding *s, struct tu_buf *out)
{
	const struct tu_concept_catalogue *catalogue = s->state->catalogue;

	for (size_t i = 0; i < catalogue->question_count; i++)
		if (s->state->standings[i].reply == TU_REPLY_UNKNOWN)
			write_unknown(s, &catalogue->questions[i], out);
}

/* ---- device.yaml ---- */

static bool device_has_interface(const struct tu_device *device, struct tu_str id)
{
	for (size_t i = 0; device && i < device->interface_count; i++)
		if (tu_str_eq(device->interfaces[i].id, id))
			return true;
	return false;
}

/* By id, or by function: the device may call it otherwise. */
static bool device_has_asset(const struct tu_device *device, const struct tu_concept_part *asset)
{
	for (size_t i = 0; device && i < device->asset_count; i++)
		if (tu_str_eq(device->assets[i].id, asset->id) ||
			tu_str_eq(tu_str_c(tu_function_name(device->assets[i].function)),
				asset->word))
			return true;
	return false;
}

static bool device_has_hazard(const struct tu_device *device, struct tu_str id)
{
	for (size_t i = 0; device && i < device->hazard_count; i++)
		if (tu_str_eq(device->hazards[i].id, id))
			return true;
	return false;
}

static void write_interfaces(const struct tu_concept_seeding *s, struct tu_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->state->parts[TU_PART_INTERFACE].count; i++) {
		const struct tu_concept_part *one = part(s, TU_PART_INTERFACE, i);

		if (device_has_interface(s->device, one->id))
			continue;
		if (!n++)
			tu_buf_c(out, "interfaces:\n");
		text(out, "  - id", one->id);
		text(out, "    title", one->name);
		text(out, "    kind", one->word);
	}
}

static void write_device_assets(const struct tu_concept_seeding *s, struct tu_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->state->parts[TU_PART_ASSET].count; i++) {
		const struct tu_concept_part *one = part(s, TU_PART_ASSET, i);

		if (device_has_asset(s->device, one))
			continue;
		if (!n++)
			tu_buf_c(out, "assets:\n");
		text(out, "  - id", one->id);
		text(out, "    title", one->name);
		text(out, "    function", one->word);
	}
}

static void write_hazards(const struct tu_concept_seeding *s, struct tu_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->state->parts[TU_PART_HAZARD].count; i++) {
		const struct tu_concept_part *one = part(s, TU_PART_HAZARD, i);
		struct tu_str asset = id_of(s, TU_PART_ASSET, one->from);

		if (device_has_hazard(s->device, one->id))
			continue;
		if (!n++)
			tu_buf_c(out,
				"# Questions to the safety engineer. A hazard needs an id, a title "
				"and a severity.\n");
		tu_buf_printf(out, "# - %.*s (%.*s, when it loses ", TU_STR_FMT(one->id),
			TU_STR_FMT(asset));
		for (size_t w = 0; w < one->words.count; w++)
			tu_buf_printf(out, "%s%.*s", w ? " or " : "", TU_STR_FMT(one->words.at[w]));
		tu_buf_printf(out, "): %.*s\n", TU_STR_FMT(one->name));
	}
}

void tu_concept_seed_device(const struct tu_concept_seeding *seeding, struct tu_buf *out)
{
	write_interfaces(seeding, out);
	write_device_assets(seeding, out);
	write_hazards(seeding, out);
}
