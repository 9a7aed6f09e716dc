/*
 * The law of facts: what an identity gives when it is matched by itself is what a scan of the whole
 * document gives. Over the example and, where TUTELA_SBOMS names a folder and TUTELA_KB a knowledge
 * base, over every document in it. Needs no store.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "tests/support/store_scene.h"

#include "app/sbom_file.h"
#include "base/input.h"
#include "portfolio/prepare.h"

#define ARENA_MAX ((size_t)4 << 30)

struct law {
	const struct tu_kb *kb;
	size_t documents, components, whole, facts;
};

static struct tu_kb *open_kb(const char *path)
{
	struct tu_kb *kb = NULL;

	assert_ok(tu_kb_open(path, &kb, error));
	return kb;
}

/* Of every component: the facts of its identity are those of the document. */
static void holds(struct law *law, const char *name, const struct tu_inventory *inventory)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	struct tu_prepared prepared;

	assert_ok(tu_prepare(arena, law->kb, inventory, &prepared, error));
	for (size_t i = 0; i < prepared.match->distinct_count; i++) {
		const struct tu_distinct *d = &prepared.match->distinct[i];
		const struct tu_prepared_component *c =
			&prepared.components[prepared.component_of[d->first]];
		struct tu_facts scanned, alone;

		assert_int_equal(tu_facts_of(arena, law->kb, prepared.match, d, &scanned), TU_OK);
		assert_ok(tu_facts_match(arena, law->kb, c->identity.text, &alone, error));
		if (!tu_facts_eq(&scanned, &alone) || scanned.known != alone.known)
			fail_msg("%s: %.*s: %zu facts by itself, %zu in the scan", name,
				TU_STR_FMT(c->identity.text), alone.count, scanned.count);
		law->facts += scanned.count;
	}
	law->documents++;
	law->components += prepared.component_count;
	for (size_t i = 0; i < prepared.component_count; i++)
		law->whole += prepared.components[i].identity.text.len > 4096;
	tu_arena_free(arena);
}

static enum tu_status visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_inventory *inventory;
	char path[512];

	(void)snprintf(path, sizeof(path), "%.*s", TU_STR_FMT(name));
	if (tu_sbom_read(arena, text, true, NULL, &inventory, err) == TU_OK)
		holds(context, path, inventory);
	tu_arena_free(arena);
	return TU_OK;
}

static void ignore(void *context, struct tu_str name, const struct tu_error *problem)
{
	(void)context;
	(void)name;
	(void)problem;
}

static void facts_are_those_of_a_scan(void **state)
{
	const char *kb_path = getenv("TUTELA_KB"), *folder = getenv("TUTELA_SBOMS");
	struct tu_kb *kb = open_kb(kb_path ? kb_path : TUTELA_STARTER);
	struct law law = {.kb = kb};
	const struct tu_input_walk walk = {visit, ignore, &law, {0}, NULL, NULL, NULL};

	(void)state;
	assert_ok(tu_input_each(folder ? folder : TUTELA_EXAMPLE, &walk, error));
	assert_true(law.documents > 0 && law.facts > 0);
	print_message("%zu documents, %zu components (%zu with everything beside), %zu facts\n",
		law.documents, law.components, law.whole, law.facts);
	tu_kb_close(kb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_are_those_of_a_scan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
