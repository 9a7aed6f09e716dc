/* What a device.yaml says, as rows: variants, and the safety model. It is edited as a whole. */
#include "api/call.h"
#include "api/json_cell.h"
#include "portfolio/device.h"

#define TEXT_MAX ((size_t)4 << 20)

struct variant_row {
	struct tu_str name, udi_di, model, markets;
};
static const struct tu_api_column variant_columns[] = {
	TU_API_COLUMN(struct variant_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct variant_row, udi_di, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct variant_row, model, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct variant_row, markets, TU_API_JSON, 0),
};
const struct tu_api_table tu_api_table_variant =
	TU_API_TABLE("Variant", struct variant_row, variant_columns);

struct hazard_row {
	struct tu_str id, title, severity, reference;
	int64_t line;
};
static const struct tu_api_column hazard_columns[] = {
	TU_API_COLUMN(struct hazard_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct hazard_row, title, TU_API_TEXT, 0),
	TU_API_COLUMN(struct hazard_row, severity, TU_API_TEXT, 0),
	TU_API_COLUMN(struct hazard_row, reference, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct hazard_row, line, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_hazard =
	TU_API_TABLE("Hazard", struct hazard_row, hazard_columns);

struct asset_row {
	struct tu_str id, title, function, privacy, hazards, rationale;
	int64_t line;
	bool harmless, essential;
};
static const struct tu_api_column asset_columns[] = {
	TU_API_COLUMN(struct asset_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct asset_row, title, TU_API_TEXT, 0),
	TU_API_COLUMN(struct asset_row, function, TU_API_TEXT, 0),
	TU_API_COLUMN(struct asset_row, privacy, TU_API_TEXT, 0),
	TU_API_COLUMN(struct asset_row, hazards, TU_API_JSON, 0),
	TU_API_COLUMN(struct asset_row, harmless, TU_API_BOOL, 0),
	TU_API_COLUMN(struct asset_row, essential, TU_API_BOOL, 0),
	TU_API_COLUMN(struct asset_row, rationale, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct asset_row, line, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_asset =
	TU_API_TABLE("Asset", struct asset_row, asset_columns);

struct link_row {
	struct tu_str selector, assets, rationale;
	int64_t line;
	bool no_asset, unreachable;
};
static const struct tu_api_column link_columns[] = {
	TU_API_COLUMN(struct link_row, selector, TU_API_JSON, 0),
	TU_API_COLUMN(struct link_row, assets, TU_API_JSON, 0),
	TU_API_COLUMN(struct link_row, no_asset, TU_API_BOOL, 0),
	TU_API_COLUMN(struct link_row, unreachable, TU_API_BOOL, 0),
	TU_API_COLUMN(struct link_row, rationale, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct link_row, line, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_component_link =
	TU_API_TABLE("ComponentLink", struct link_row, link_columns);

struct interface_row {
	struct tu_str id, title, kind, reaches;
	int64_t range_cm, line;
	bool disabled;
};
static const struct tu_api_column interface_columns[] = {
	TU_API_COLUMN(struct interface_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct interface_row, title, TU_API_TEXT, 0),
	TU_API_COLUMN(struct interface_row, kind, TU_API_TEXT, 0),
	TU_API_COLUMN(struct interface_row, range_cm, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct interface_row, disabled, TU_API_BOOL, 0),
	TU_API_COLUMN(struct interface_row, reaches, TU_API_JSON, 0),
	TU_API_COLUMN(struct interface_row, line, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_interface =
	TU_API_TABLE("Interface", struct interface_row, interface_columns);

struct control_row {
	struct tu_str id, title, state, components, interfaces, evidence;
	int64_t lowers_exploitability, lowers_harm, line;
};
static const struct tu_api_column control_columns[] = {
	TU_API_COLUMN(struct control_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct control_row, title, TU_API_TEXT, 0),
	TU_API_COLUMN(struct control_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct control_row, lowers_exploitability, TU_API_INT, 0),
	TU_API_COLUMN(struct control_row, lowers_harm, TU_API_INT, 0),
	TU_API_COLUMN(struct control_row, components, TU_API_JSON, 0),
	TU_API_COLUMN(struct control_row, interfaces, TU_API_JSON, 0),
	TU_API_COLUMN(struct control_row, evidence, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct control_row, line, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_control =
	TU_API_TABLE("Control", struct control_row, control_columns);

/* ---- values that are lists ---- */

struct making {
	struct tu_api_json_cell cell;
	const struct tu_device *model;
};

static void write_selector(struct making *m, const struct tu_selector *s)
{
	tu_json_open_object(&m->cell.json);
	tu_json_member_opt(&m->cell.json, "name", s->name);
	tu_json_member_opt(&m->cell.json, "version", s->version);
	tu_json_member_opt(&m->cell.json, "purl", s->purl);
	tu_json_member_opt(&m->cell.json, "cpe", s->cpe);
	tu_json_member_opt(&m->cell.json, "ref", s->ref);
	tu_json_member_opt(&m->cell.json, "path", s->path);
	tu_json_close_object(&m->cell.json);
}

static struct tu_str selector_of(struct making *m, const struct tu_selector *selector)
{
	tu_api_json_cell_begin(&m->cell);
	write_selector(m, selector);
	return tu_api_json_cell_end(&m->cell);
}

static struct tu_str selectors_of(struct making *m, const struct tu_selector *at, size_t count)
{
	tu_api_json_cell_begin(&m->cell);
	tu_json_open_array(&m->cell.json);
	for (size_t i = 0; i < count; i++)
		write_selector(m, &at[i]);
	tu_json_close_array(&m->cell.json);
	return tu_api_json_cell_end(&m->cell);
}

static struct tu_str assets_of(struct making *m, const struct tu_component_rule *rule)
{
	tu_api_json_cell_begin(&m->cell);
	tu_json_open_array(&m->cell.json);
	for (size_t i = 0; i < rule->asset_count; i++)
		tu_json_add_str(&m->cell.json, m->model->assets[rule->assets[i]].id);
	tu_json_close_array(&m->cell.json);
	return tu_api_json_cell_end(&m->cell);
}

static struct tu_str interfaces_of(struct making *m, const struct tu_control *control)
{
	tu_api_json_cell_begin(&m->cell);
	tu_json_open_array(&m->cell.json);
	for (size_t i = 0; i < control->interface_count; i++)
		tu_json_add_str(&m->cell.json, m->model->interfaces[control->interfaces[i]].id);
	tu_json_close_array(&m->cell.json);
	return tu_api_json_cell_end(&m->cell);
}

static struct tu_str hazards_of(struct making *m, const struct tu_asset *asset)
{
	static const struct {
		uint32_t loss;
		const char *word;
	} losses[] = {{TU_LOSS_CONFIDENTIALITY, "confidentiality"},
		{TU_LOSS_INTEGRITY, "integrity"}, {TU_LOSS_AVAILABILITY, "availability"}};

	tu_api_json_cell_begin(&m->cell);
	tu_json_open_array(&m->cell.json);
	for (size_t i = 0; i < asset->hazard_count; i++) {
		const struct tu_hazard_link *link = &asset->hazards[i];

		tu_json_open_object(&m->cell.json);
		tu_json_member_str(&m->cell.json, "hazard", m->model->hazards[link->hazard].id);
		tu_json_key(&m->cell.json, "loss");
		tu_json_open_array(&m->cell.json);
		for (size_t k = 0; k < TU_COUNT(losses); k++)
			if (link->loss & losses[k].loss)
				tu_json_add_str(&m->cell.json, tu_str_c(losses[k].word));
		tu_json_close_array(&m->cell.json);
		tu_json_close_object(&m->cell.json);
	}
	tu_json_close_array(&m->cell.json);
	return tu_api_json_cell_end(&m->cell);
}

/* ---- rows ---- */

static void make_variant(struct making *m, size_t i, void *row)
{
	const struct tu_variant *v = &m->model->variants[i];

	*(struct variant_row *)row = (struct variant_row){.name = v->name,
		.udi_di = v->udi_di,
		.model = v->model,
		.markets = tu_api_json_cell_texts(&m->cell, &v->markets)};
}

static void make_hazard(struct making *m, size_t i, void *row)
{
	const struct tu_hazard *h = &m->model->hazards[i];

	*(struct hazard_row *)row = (struct hazard_row){.id = h->id,
		.title = h->title,
		.severity = tu_str_c(tu_harm_name(h->severity)),
		.reference = h->reference,
		.line = h->place.line};
}

static void make_asset(struct making *m, size_t i, void *row)
{
	const struct tu_asset *a = &m->model->assets[i];

	*(struct asset_row *)row = (struct asset_row){.id = a->id,
		.title = a->title,
		.function = tu_str_c(tu_function_name(a->function)),
		.privacy = tu_str_c(tu_privacy_name(a->privacy)),
		.hazards = hazards_of(m, a),
		.rationale = a->rationale,
		.line = a->place.line,
		.harmless = a->harmless,
		.essential = a->essential};
}

static void make_link(struct making *m, size_t i, void *row)
{
	const struct tu_component_rule *r = &m->model->components[i];

	*(struct link_row *)row = (struct link_row){.selector = selector_of(m, &r->selector),
		.assets = assets_of(m, r),
		.rationale = r->rationale,
		.line = r->place.line,
		.no_asset = r->no_asset,
		.unreachable = r->unreachable};
}

static void make_interface(struct making *m, size_t i, void *row)
{
	const struct tu_interface *f = &m->model->interfaces[i];

	*(struct interface_row *)row = (struct interface_row){.id = f->id,
		.title = f->title,
		.kind = tu_str_c(tu_interface_kind_name(f->kind)),
		.reaches = selectors_of(m, f->reaches, f->reach_count),
		.range_cm = f->range_cm ? (int64_t)f->range_cm : TU_API_NONE,
		.line = f->place.line,
		.disabled = f->disabled};
}

static void make_control(struct making *m, size_t i, void *row)
{
	static const char *const states[] = {"in-place", "compensating", "planned"};
	const struct tu_control *c = &m->model->controls[i];

	*(struct control_row *)row = (struct control_row){.id = c->id,
		.title = c->title,
		.state = tu_str_c(states[c->state]),
		.components = selectors_of(m, c->components, c->component_count),
		.interfaces = interfaces_of(m, c),
		.evidence = c->evidence,
		.lowers_exploitability = c->lowers_exploitability,
		.lowers_harm = c->lowers_harm,
		.line = c->place.line};
}

/* ---- lists ---- */

struct kind {
	size_t at; /* of the number of rows in a device */
	size_t size; /* of a row */
	void (*make)(struct making *m, size_t index, void *row);
};

static const struct kind variants = {
	offsetof(struct tu_device, variant_count), sizeof(struct variant_row), make_variant};
static const struct kind hazards = {
	offsetof(struct tu_device, hazard_count), sizeof(struct hazard_row), make_hazard};
static const struct kind assets = {
	offsetof(struct tu_device, asset_count), sizeof(struct asset_row), make_asset};
static const struct kind links = {
	offsetof(struct tu_device, component_count), sizeof(struct link_row), make_link};
static const struct kind interfaces = {
	offsetof(struct tu_device, interface_count), sizeof(struct interface_row), make_interface};
static const struct kind controls = {
	offsetof(struct tu_device, control_count), sizeof(struct control_row), make_control};

static enum tu_status make_all(struct tu_api_call *call, const struct tu_device *model,
	const struct kind *kind, struct tu_api_rows *out, struct tu_error *err)
{
	struct making m = {.model = model};
	char *rows;

	memcpy(&out->count, (const char *)model + kind->at, sizeof(out->count));
	rows = tu_arena_array(call->arena, out->count, kind->size);
	if (!rows)
		return tu_no_memory(err);
	tu_api_json_cell_init(&m.cell, call->arena, TEXT_MAX);
	for (size_t i = 0; i < out->count; i++)
		kind->make(&m, i, rows + i * kind->size);
	out->at = rows;
	return tu_api_json_cell_done(&m.cell, err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	return tu_api_page_of(call, page, self, err);
}

static enum tu_status list(struct tu_api_call *call, const struct kind *kind, struct tu_error *err)
{
	struct tu_device_opened opened = {.scope = &call->who.scope, .name = call->path[0]};
	struct tu_api_rows rows = {0};
	enum tu_status status = tu_device_open(tu_api_store(call), call->arena, &opened, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (status == TU_OK)
		status = make_all(call, opened.model, kind, &rows, err);
	if (status == TU_OK)
		tu_api_etag_version(call, opened.row.version);
	return status ? status : tu_api_answer_page(call, fetch, &rows, err);
}

enum tu_status tu_api_list_variants(struct tu_api_call *call, struct tu_error *err)
{
	return list(call, &variants, err);
}

enum tu_status tu_api_list_hazards(struct tu_api_call *call, struct tu_error *err)
{
	return list(call, &hazards, err);
}

enum tu_status tu_api_list_assets(struct tu_api_call *call, struct tu_error *err)
{
	return list(call, &assets, err);
}

enum tu_status tu_api_list_component_links(struct tu_api_call *call, struct tu_error *err)
{
	return list(call, &links, err);
}

enum tu_status tu_api_list_interfaces(struct tu_api_call *call, struct tu_error *err)
{
	return list(call, &interfaces, err);
}

enum tu_status tu_api_list_controls(struct tu_api_call *call, struct tu_error *err)
{
	return list(call, &controls, err);
}
