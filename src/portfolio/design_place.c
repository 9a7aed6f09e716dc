#include "portfolio/design_place.h"

#include "portfolio/scope.h"

static struct tu_selector selector_of(const struct tu_model_component *component)
{
	if (!tu_selector_is_empty(&component->selector))
		return component->selector;
	return (struct tu_selector){.purl = component->purl};
}

struct placing {
	struct tu_design_places *out;
	TU_VEC(struct tu_design_place) list;
};

/* Components that are the same to the matcher may be in the SBOM several times. */
static bool add(struct placing *p, size_t first, const struct tu_design_place *place)
{
	for (size_t i = first; i < p->list.count; i++)
		if (memcmp(p->list.at[i].key, place->key, sizeof(place->key)) == 0)
			return true;
	return TU_VEC_PUSH_IN(p->out->arena, &p->list, *place);
}

static bool place_one(struct placing *p, const struct tu_look *look, uint32_t component)
{
	const struct tu_inventory *inventory = look->answer.input.inventory;
	const struct tu_selector selector = selector_of(&p->out->model->components[component]);
	size_t first = p->list.count;
	bool fine = true;

	for (uint32_t i = 0; fine && i < inventory->component_count; i++) {
		struct tu_design_place place = {.component = component};

		if (!tu_selector_matches(&selector, inventory, i))
			continue;
		memcpy(place.key,
			look->prepared.components[look->prepared.component_of[i]].identity.key,
			sizeof(place.key));
		fine = add(p, first, &place);
	}
	p->out->absent += p->list.count == first;
	return fine;
}

static enum tu_status find_release(struct tu_work *w, const struct tu_design_places *out,
	struct tu_release_row *row, struct tu_error *err)
{
	struct tu_str wanted = out->version.len ? out->version : out->model->release;
	struct tu_device_row device;
	const struct tu_device *model;
	enum tu_status status =
		tu_device_in(w, out->asked->scope, out->asked->device, &device, err);

	if (status == TU_OK && !wanted.len) {
		status = tu_device_load(w, &device, &model, NULL, err);
		if (status == TU_OK && model->release_count)
			wanted = model->releases[model->release_count - 1].version;
	}
	if (status != TU_OK)
		return status;
	status = tu_release_find(w, &device, wanted, row, NULL);
	return status == TU_E_NOTFOUND ? tu_design_unknown(err, "release") : status;
}

static enum tu_status find_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_design_places *out = self;
	struct tu_look look = {.scope = out->asked->scope, .kb = out->kb, .reader = out->reader};
	struct placing p = {.out = out};
	struct tu_release_row row;
	bool fine = true;
	enum tu_status status = find_release(w, out, &row, err);

	if (status != TU_OK)
		return status;
	out->count = out->absent = 0;
	out->release_id = row.id;
	out->device_id = row.device_id;
	out->has_sbom = row.sbom_id != 0;
	if (!tu_arena_dup(out->arena, row.version, &out->release))
		return tu_no_memory(err);
	if (!out->has_sbom)
		return TU_OK;
	status = tu_look_open(w, row.public_id, &look, err);
	if (status != TU_OK)
		return status;
	for (uint32_t i = 0; fine && i < out->model->components_count; i++)
		fine = place_one(&p, &look, i);
	out->at = p.list.at;
	out->count = p.list.count;
	return fine ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_design_places_find(
	const struct tu_act *act, struct tu_design_places *places, struct tu_error *err)
{

	return tu_work_read(places->asked->store, act, find_all, places, err);
}
