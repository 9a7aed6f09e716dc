#include "report/diagram.h"

struct scope {
	const struct tu_model *model;
	bool *elements, *flows, *zones;
};

static void add_flow(struct scope *s, uint32_t flow)
{
	s->flows[flow] = true;
	s->elements[s->model->flows[flow].from] = true;
	s->elements[s->model->flows[flow].to] = true;
}

static void add_view(struct scope *s, const struct tu_model_view *view)
{
	for (size_t i = 0; i < view->spots.count; i++)
		if (view->spots.at[i].is_flow)
			add_flow(s, view->spots.at[i].index);
		else
			s->elements[view->spots.at[i].index] = true;
}

static void add_everything(struct scope *s)
{
	for (size_t i = 0; i < s->model->elements_count; i++)
		s->elements[i] = true;
	for (size_t i = 0; i < s->model->flows_count; i++)
		s->flows[i] = true;
}

/* A zone inside itself is refused by the readers; the count ends the walk all the same. */
static void add_zones(struct scope *s, uint32_t zone)
{
	for (size_t i = 0; i < s->model->zones_count && zone != TU_MODEL_NOWHERE; i++) {
		s->zones[zone] = true;
		zone = s->model->zones[zone].parent;
	}
}

enum tu_status tu_diagram_scope(struct tu_arena *arena, const struct tu_model *model,
	const struct tu_model_view *view, struct tu_diagram_scope *out, struct tu_error *err)
{
	struct scope s = {model, tu_arena_array(arena, model->elements_count, sizeof(bool)),
		tu_arena_array(arena, model->flows_count, sizeof(bool)),
		tu_arena_array(arena, model->zones_count, sizeof(bool))};
	size_t count = 0;

	if (!s.elements || !s.flows || !s.zones)
		return tu_no_memory(err);
	if (!view || view->everything)
		add_everything(&s);
	else
		add_view(&s, view);
	for (size_t i = 0; i < model->elements_count; i++)
		if (s.elements[i]) {
			add_zones(&s, model->elements[i].zone);
			count++;
		}
	*out = (struct tu_diagram_scope){s.elements, s.flows, s.zones, count};
	return TU_OK;
}
