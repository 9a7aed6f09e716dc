/*
 * Any text as a design model of any form: reading never crashes, a refusal has words, what is read
 * is consistent, can be checked, and threats can be derived from it.
 */
#include <stdlib.h>

#include <tutela/threat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 64 << 20 };

static const char device_text[] =
	"family: X\nhazards: [{id: h, severity: critical}]\n"
	"assets: [{id: rate, function: therapy, hazards: [h]}, {id: chart, privacy: serious}]\n";

/* A rule of each kind of place, so that conditions, paths and questions are gone through. */
static const char pack_text[] =
	"schema: tutela-threat-rules/1\nid: fuzz\nversion: '1'\nrules:\n"
	" - {id: A, title: a, on: flow, where: {carries: [command, therapy]}, weak: {freshness: "
	"none},\n"
	"    settled_by: [freshness], stride: T, category: 1, question: {freshness: How?}}\n"
	" - {id: B, title: b, on: element, weak: {listener: 'yes'}, settled_by: [resilience],\n"
	"    stride: D, category: 7, question: {listener: Is there one?}}\n";

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void demand_indexes(struct tu_indexes indexes, size_t count)
{
	for (size_t i = 0; i < indexes.count; i++)
		demand(indexes.at[i] < count);
}

static void demand_spots(const struct tu_model *m, struct tu_spots spots)
{
	for (size_t i = 0; i < spots.count; i++)
		demand(spots.at[i].index <
			(spots.at[i].is_flow ? m->flows_count : m->elements_count));
}

static void demand_facts(const struct tu_model_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		demand(facts->at[i].value.len > 0);
		demand(!i || tu_str_cmp(facts->at[i - 1].name, facts->at[i].name) < 0);
	}
}

static void demand_graph(const struct tu_model *m)
{
	for (size_t i = 0; i < m->elements_count; i++) {
		const struct tu_model_element *e = &m->elements[i];

		demand(e->zone == TU_MODEL_NOWHERE || e->zone < m->zones_count);
		demand(e->count > 0);
		demand_indexes(e->assets, m->assets_count);
		demand_indexes(e->states, m->states_count);
		demand_facts(&e->facts);
	}
	for (size_t i = 0; i < m->flows_count; i++) {
		const struct tu_model_flow *f = &m->flows[i];

		demand(f->from < m->elements_count && f->to < m->elements_count);
		demand(f->fan_out > 0);
		demand_indexes(f->assets, m->assets_count);
		demand_indexes(f->states, m->states_count);
		demand_facts(&f->facts);
	}
}

/* No zone is in itself, however far up. */
static void demand_zones(const struct tu_model *m)
{
	for (size_t i = 0; i < m->zones_count; i++) {
		size_t steps = 0;
		uint32_t at = m->zones[i].parent;

		for (; at != TU_MODEL_NOWHERE; at = m->zones[at].parent)
			demand(at < m->zones_count && steps++ < m->zones_count);
	}
}

static void demand_lists(const struct tu_model *m)
{
	for (size_t i = 0; i < m->controls_count; i++) {
		demand(m->controls[i].category <= 8);
		demand_spots(m, m->controls[i].covers);
	}
	for (size_t i = 0; i < m->components_count; i++)
		demand_indexes(m->components[i].elements, m->elements_count);
	for (size_t i = 0; i < m->credentials_count; i++)
		demand_indexes(m->credentials[i].accepted_by, m->elements_count);
	for (size_t i = 0; i < m->assumptions_count; i++)
		demand_spots(m, m->assumptions[i].about);
	for (size_t i = 0; i < m->views_count; i++)
		demand_spots(m, m->views[i].spots);
	for (size_t i = 0; i < m->entries_count; i++)
		demand_spots(m, (struct tu_spots){&m->entries[i].spot, 1});
}

static void use(struct tu_arena *arena, const struct tu_model *model)
{
	const struct tu_threat_pack *pack = NULL;
	struct tu_threat_input input = {.model = model, .packs = &pack, .pack_count = 1, .at = 1};
	struct tu_threats threats;
	struct tu_lints lints;

	demand_graph(model);
	demand_zones(model);
	demand_lists(model);
	if (tu_model_lint(arena, model, 1, &lints, NULL) == TU_OK)
		for (size_t i = 0; i < lints.count; i++)
			demand(lints.at[i].message.len > 0);
	if (tu_threat_pack_read(arena, TU_STR("p"), tu_str_c(pack_text), &pack, NULL) != TU_OK ||
		tu_threat_find(arena, &input, &threats, NULL) != TU_OK)
		return;
	for (size_t i = 0; i < threats.count; i++)
		demand(threats.at[i].key.len > 0 && threats.at[i].reach > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	struct tu_model_source source = {
		.file = TU_STR("model"), .text = tu_str_of((const char *)data, size)};
	const struct tu_model *model = NULL;
	struct tu_model_losses losses = {0};
	struct tu_error err = {0};
	enum tu_status status;

	if (!arena)
		return 0;
	demand(tu_device_read(arena, TU_STR("device.yaml"), tu_str_c(device_text), NULL,
		       &source.device, &err) == TU_OK);
	status = tu_model_read(arena, &source, &model, &losses, &err);
	demand((status == TU_OK) == (model != NULL));
	for (size_t i = 0; i < losses.count; i++)
		demand(losses.at[i].kind && losses.at[i].message.len);
	if (model)
		use(arena, model);
	else
		demand(err.status == status && err.message[0]);
	tu_arena_free(arena);
	return 0;
}
