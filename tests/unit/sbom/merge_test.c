/* Merging: references stay unique, nesting and statements follow, what is alike is joined. */
#include "read.h"

#include <tutela/sbom_merge.h>

#define DOCUMENT(subject, components, more) \
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{" subject \
	"},\"components\":[" components "]" more "}"

static const struct tu_str first = TU_STR_INIT(DOCUMENT(
	"\"component\":{\"name\":\"app\",\"bom-ref\":\"app\"}",
	"{\"name\":\"zlib\",\"bom-ref\":\"z\",\"purl\":\"pkg:generic/zlib@1\",\"components\":["
	"{\"name\":\"part\",\"bom-ref\":\"p\"}]}",
	",\"dependencies\":[{\"ref\":\"app\",\"dependsOn\":[\"z\"]}],\"vulnerabilities\":["
	"{\"id\":\"CVE-1\",\"analysis\":{\"state\":\"not_affected\"},"
	"\"affects\":[{\"ref\":\"app\"}]},"
	"{\"id\":\"CVE-2\",\"affects\":[{\"ref\":\"z\"}]}]"));
static const struct tu_str second = TU_STR_INIT(DOCUMENT("\"authors\":[{\"name\":\"ACME\"}]",
	"{\"name\":\"z\",\"bom-ref\":\"z\",\"purl\":\"pkg:generic/zlib@1\","
	"\"supplier\":{\"name\":\"s\"}}",
	",\"vulnerabilities\":[{\"id\":\"CVE-3\",\"affects\":[{\"ref\":\"z\"}]},{\"id\":\"CVE-4\"}]"
	",\"odd\":1"));

struct merged {
	struct reading a;
	struct reading b;
	const struct tu_inventory *inventory;
	struct tu_merge_counts counts;
};

static struct merged merge(bool flatten)
{
	const struct tu_merge_options options = {.name = TU_STR("pump"),
		.version = TU_STR("2"),
		.kind = TU_KIND_DEVICE,
		.flatten = flatten};
	struct merged m = {.a = read_good(first, TU_SBOM_CYCLONEDX_JSON),
		.b = read_good(second, TU_SBOM_CYCLONEDX_JSON)};
	const struct tu_inventory *inputs[] = {m.a.inventory, m.b.inventory};
	struct tu_error err;

	assert_int_equal(
		tu_sbom_merge(m.a.arena, inputs, 2, &options, &m.inventory, &m.counts, &err),
		TU_OK);
	return m;
}

static void merged_done(struct merged *m)
{
	reading_done(&m->a);
	reading_done(&m->b);
}

static void assert_component(
	const struct tu_inventory *inventory, size_t index, const char *ref, uint32_t parent)
{
	const struct tu_component *c = &inventory->components[index];

	assert_true(index < inventory->component_count);
	if (!tu_str_eq(c->ref, tu_str_c(ref)))
		fail_msg("%zu: %.*s, wanted %s", index, TU_STR_FMT(c->ref), ref);
	assert_int_equal(c->parent, parent);
}

static bool relates(
	const struct tu_inventory *inventory, uint32_t from, enum tu_relation relation, uint32_t to)
{
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *r = &inventory->relationships[i];

		if (r->from == from && r->to == to && r->relation == relation)
			return true;
	}
	return false;
}

static void subjects_hold_what_their_documents_list(void **state)
{
	struct merged m = merge(false);

	(void)state;
	assert_int_equal(m.inventory->component_count, 5);
	assert_component(m.inventory, 0, "subject", TU_NO_COMPONENT);
	assert_component(m.inventory, 1, "1:app", TU_NO_COMPONENT);
	assert_component(m.inventory, 2, "1:z", 1);
	assert_component(m.inventory, 3, "1:p", 2);
	assert_component(m.inventory, 4, "2:z", TU_NO_COMPONENT); /* there is no subject */
	assert_true(relates(m.inventory, 0, TU_REL_DEPENDS_ON, 4));
	assert_true(relates(m.inventory, 0, TU_REL_DEPENDS_ON, 1));
	assert_true(relates(m.inventory, 1, TU_REL_DEPENDS_ON, 2));
	assert_int_equal(m.counts.joined, 0);
	assert_int_equal(m.inventory->author_count, 1);
	assert_int_equal(m.inventory->note_count, 1); /* of the second document */
	assert_true(tu_str_starts(m.inventory->notes[0].pointer, TU_STR("document 2: ")));
	merged_done(&m);
}

static void statements_stay_about_what_they_were(void **state)
{
	static const uint32_t about[] = {1, 2, 4};
	struct merged m = merge(false);

	(void)state;
	assert_int_equal(m.inventory->claim_count, 4);
	assert_int_equal(m.inventory->claims[3].product_count, 0); /* it names nothing */
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(m.inventory->claims[i].products[0].component_count, 1);
		assert_int_equal(m.inventory->claims[i].products[0].components[0], about[i]);
	}
	merged_done(&m);
}

static void what_is_alike_is_joined_on_request(void **state)
{
	struct merged m = merge(true);

	(void)state;
	assert_int_equal(m.inventory->component_count, 4);
	assert_int_equal(m.counts.joined, 1);
	assert_int_equal(m.counts.contradictions, 0);
	assert_component(m.inventory, 2, "1:z", TU_NO_COMPONENT);
	assert_component(m.inventory, 3, "1:p", TU_NO_COMPONENT);
	assert_true(relates(m.inventory, 2, TU_REL_CONTAINS, 3));
	/* what only the second one states */
	assert_true(tu_str_eq(m.inventory->components[2].supplier, TU_STR("s")));
	assert_int_equal(m.inventory->claims[2].products[0].components[0], 2);
	merged_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subjects_hold_what_their_documents_list),
		cmocka_unit_test(statements_stay_about_what_they_were),
		cmocka_unit_test(what_is_alike_is_joined_on_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
