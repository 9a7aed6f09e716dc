/* Tests of identifiers: products, groups, vulnerabilities. */
#include "csaf/tests.h"

#define ID_FMT(s) TU_STR_FMT(tu_str_first(s, 80))

/* ---- products ---- */

static void mark_defined(struct tu_csaf *csaf)
{
	uint32_t by;

	tu_csaf_marks_clear(csaf);
	for (size_t i = 0; i < csaf->product_tree.products.count; i++)
		(void)tu_csaf_mark(
			csaf, csaf->product_tree.products.at[i].number, (uint32_t)i, &by);
}

static void want_defined(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	(void)context;
	if (!tu_csaf_marked(csaf, tu_csaf_number(csaf, value)))
		tu_csaf_fail(csaf, value, NULL, "product id \"%.*s\" is not defined",
			ID_FMT(tu_json_str(value)));
}

TU_CSAF_TEST(6_1_1)
{
	mark_defined(csaf);
	for (size_t i = 0; i < tu_csaf_product_reference_count; i++)
		tu_csaf_each(csaf, csaf->root, tu_csaf_product_references[i], want_defined, NULL);
}

TU_CSAF_TEST(6_1_2)
{
	uint32_t first;

	tu_csaf_marks_clear(csaf);
	for (size_t i = 0; i < csaf->product_tree.products.count; i++) {
		const struct tu_csaf_product *product = &csaf->product_tree.products.at[i];
		if (!tu_csaf_mark(csaf, product->number, (uint32_t)i, &first))
			tu_csaf_fail(csaf, product->value, "product_id",
				"product id \"%.*s\" is defined already", ID_FMT(product->id));
	}
}

static void use(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	uint32_t by, number = tu_csaf_number(csaf, value);

	(void)context;
	if (number != TU_CSAF_NONE)
		(void)tu_csaf_mark(csaf, number, 0, &by);
}

TU_CSAF_TEST(6_2_1)
{
	if (csaf->profile == TU_CSAF_INFORMATIONAL)
		return;
	tu_csaf_marks_clear(csaf);
	for (size_t i = 0; i < tu_csaf_product_reference_count; i++)
		tu_csaf_each(csaf, csaf->root, tu_csaf_product_references[i], use, NULL);
	for (size_t i = 0; i < csaf->product_tree.products.count; i++)
		if (!tu_csaf_marked(csaf, csaf->product_tree.products.at[i].number))
			tu_csaf_fail(csaf, csaf->product_tree.products.at[i].value, "product_id",
				"product id \"%.*s\" is defined and not used",
				ID_FMT(csaf->product_tree.products.at[i].id));
}

/* ---- circles among combined products ---- */

struct edge {
	uint32_t to;
	uint32_t next; /* of the same start */
};

struct graph {
	uint32_t *first; /* by number */
	TU_VEC(struct edge) edges;
	uint8_t *state; /* 0 not seen, 1 on the way, 2 done */
	uint32_t *stack; /* room for every number once */
};

static void add_edge(struct tu_csaf *csaf, struct graph *graph, uint32_t from, struct tu_json to)
{
	uint32_t target = tu_csaf_number(csaf, to);

	if (from == TU_CSAF_NONE || target == TU_CSAF_NONE || !tu_json_is_string(to))
		return;
	if (!TU_VEC_PUSH_IN(csaf->arena, &graph->edges, (struct edge){target, graph->first[from]}))
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	else
		graph->first[from] = (uint32_t)graph->edges.count - 1;
}

static struct tu_json combined_id(struct tu_json item)
{
	return tu_json_get(tu_json_get(item, TU_STR("full_product_name")), TU_STR("product_id"));
}

static void add_relationship(struct tu_csaf *csaf, struct tu_json item, void *context)
{
	uint32_t from = tu_csaf_number(csaf, combined_id(item));

	add_edge(csaf, context, from, tu_json_get(item, TU_STR("product_reference")));
	add_edge(csaf, context, from, tu_json_get(item, TU_STR("relates_to_product_reference")));
}

static void add_path(struct tu_csaf *csaf, struct tu_json item, void *context)
{
	uint32_t from = tu_csaf_number(csaf, combined_id(item));
	struct tu_json step;

	add_edge(csaf, context, from, tu_json_get(item, TU_STR("beginning_product_reference")));
	TU_CSAF_EACH(step, tu_json_get(item, TU_STR("subpaths")))
	add_edge(csaf, context, from, tu_json_get(step, TU_STR("next_product_reference")));
}

/* Depth first, without recursion: `first` moves on as edges are taken. */
static bool in_circle(struct graph *graph, uint32_t start)
{
	size_t depth = 1;

	graph->stack[0] = start;
	graph->state[start] = 1;
	while (depth) {
		uint32_t at = graph->stack[depth - 1], edge = graph->first[at];
		if (edge == TU_CSAF_NONE) {
			graph->state[at] = 2;
			depth--;
			continue;
		}
		graph->first[at] = graph->edges.at[edge].next;
		at = graph->edges.at[edge].to;
		if (graph->state[at] == 1)
			return true;
		if (graph->state[at] == 0) {
			graph->state[at] = 1;
			graph->stack[depth++] = at;
		}
	}
	return false;
}

static void look_for_circle(struct tu_csaf *csaf, struct tu_json item, void *context)
{
	struct graph *graph = context;
	uint32_t number = tu_csaf_number(csaf, combined_id(item));

	if (number == TU_CSAF_NONE || graph->state[number] || !in_circle(graph, number))
		return;
	tu_csaf_fail(csaf, item, "full_product_name/product_id",
		"product id \"%.*s\" is defined by way of itself",
		ID_FMT(tu_json_str(combined_id(item))));
	/* one circle is told; others need it cut first */
	memset(graph->state, 2, tu_intern_count(csaf->product_tree.ids));
}

TU_CSAF_TEST(6_1_3)
{
	size_t count = tu_intern_count(csaf->product_tree.ids);
	struct graph graph = {.first = tu_arena_array(csaf->arena, count, sizeof(uint32_t)),
		.state = tu_arena_array(csaf->arena, count, 1),
		.stack = tu_arena_array(csaf->arena, count, sizeof(uint32_t))};

	if (!graph.first || !graph.state || !graph.stack) {
		tu_csaf_out_of(csaf, TU_E_NOMEM);
		return;
	}
	memset(graph.first, 0xff, count * sizeof(uint32_t));
	tu_csaf_each(csaf, csaf->tree, "relationships/*", add_relationship, &graph);
	tu_csaf_each(csaf, csaf->tree, "product_paths/*", add_path, &graph);
	if (csaf->status || !graph.edges.count)
		return;
	tu_csaf_each(csaf, csaf->tree, "relationships/*", look_for_circle, &graph);
	tu_csaf_each(csaf, csaf->tree, "product_paths/*", look_for_circle, &graph);
}

/* ---- groups ---- */

static void want_group(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	uint32_t number = tu_intern_find(csaf->group_ids, tu_json_str(value));

	(void)context;
	if (number == TU_INTERN_NONE || !csaf->groups[number].value.doc)
		tu_csaf_fail(csaf, value, NULL, "product group id \"%.*s\" is not defined",
			ID_FMT(tu_json_str(value)));
}

TU_CSAF_TEST(6_1_4)
{
	for (size_t i = 0; i < tu_csaf_group_reference_count; i++)
		tu_csaf_each(csaf, csaf->root, tu_csaf_group_references[i], want_group, NULL);
}

TU_CSAF_TEST(6_1_5)
{
	struct tu_json group;

	TU_CSAF_EACH(group, tu_json_get(csaf->tree, TU_STR("product_groups")))
	{
		struct tu_str id = TU_JSON_STR(group, "group_id");
		uint32_t number = tu_intern_find(csaf->group_ids, id);
		if (number != TU_INTERN_NONE && csaf->groups[number].value.at != group.at)
			tu_csaf_fail(csaf, group, "group_id",
				"product group id \"%.*s\" is defined already", ID_FMT(id));
	}
}

/* ---- vulnerabilities ---- */

TU_CSAF_TEST(6_1_23)
{
	struct tu_intern *seen = tu_intern_new((size_t)1 << 28);
	struct tu_json vulnerability;

	if (!seen)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		struct tu_str cve = TU_JSON_STR(vulnerability, "cve");
		uint32_t count, id;
		if (csaf->status || !cve.len)
			continue;
		count = tu_intern_count(seen);
		if (!tu_intern_add(seen, cve, &id))
			tu_csaf_out_of(csaf, TU_E_NOMEM);
		else if (id < count)
			tu_csaf_fail(csaf, vulnerability, "cve",
				"%.*s has a vulnerability of its own already", ID_FMT(cve));
	}
	tu_intern_free(seen);
}

/* The lists are short by nature; a long one is cut by the ceiling on work. */
static bool same_involvement(struct tu_json a, struct tu_json b)
{
	struct tu_str date_a = TU_JSON_STR(a, "date"), date_b = TU_JSON_STR(b, "date");
	struct tu_csaf_instant at_a = tu_csaf_instant(date_a), at_b = tu_csaf_instant(date_b);

	if (!tu_str_eq(TU_JSON_STR(a, "party"), TU_JSON_STR(b, "party")))
		return false;
	if (at_a.known && at_b.known)
		return tu_csaf_instant_compare(at_a, at_b) == 0;
	return tu_str_eq(date_a, date_b);
}

TU_CSAF_TEST(6_1_24)
{
	struct tu_json vulnerability, a, b;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		struct tu_json list = tu_json_get(vulnerability, TU_STR("involvements"));
		TU_CSAF_EACH(a, list)
		{
			TU_CSAF_EACH(b, list)
			{
				if (b.at >= a.at || ++csaf->work > 200u * 1000 * 1000)
					break;
				if (same_involvement(a, b)) {
					tu_csaf_fail(csaf, a, NULL,
						"party \"%.*s\" is involved at this date already",
						ID_FMT(TU_JSON_STR(a, "party")));
					break;
				}
			}
		}
	}
}

static void no_cve(struct tu_csaf *csaf, struct tu_json id, void *context)
{
	(void)context;
	if (tu_csaf_rule_holds(TU_CSAF_CVE, TU_JSON_STR(id, "text")))
		tu_csaf_fail(csaf, id, "text", "a CVE id belongs into the member cve");
}

TU_CSAF_TEST(6_2_17)
{
	tu_csaf_each(csaf, csaf->vulnerabilities, "*/ids/*", no_cve, NULL);
}

TU_CSAF_TEST(6_3_3)
{
	struct tu_json vulnerability;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	if (!tu_json_get(vulnerability, TU_STR("cve")).doc)
		tu_csaf_fail(csaf, vulnerability, NULL, "no CVE id is given");
}
