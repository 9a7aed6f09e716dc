/* EMB3D's two forms, with words of our own: nothing of MITRE's is in this tree. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "concept/pack.h"
#include "concept/state.h"

static const char mapping[] =
	"{\"properties\": ["
	"{\"id\": \"PID-21\", \"text\": \"It has a door\", \"category\": \"Case\", "
	"\"parentProp\": \"PID-2\", \"threats\": [{\"id\": \"TID-9\", \"text\": \"Opened\"}, "
	"{\"id\": \"TID-1\", \"text\": \"Kept open\"}]},"
	"{\"id\": \"PID-2\", \"text\": \"It has a case\", \"category\": \"Case\", "
	"\"parentProp\": \"\", \"threats\": []}]}";

static const char stix[] =
	"{\"type\": \"bundle\", \"objects\": ["
	"{\"type\": \"x-mitre-emb3d-property\", \"id\": \"p1\", \"name\": \"It has a door\", "
	"\"category\": \"Case\", \"x_mitre_emb3d_property_id\": \"PID-21\"},"
	"{\"type\": \"x-mitre-emb3d-property\", \"id\": \"p0\", \"name\": \"It has a case\", "
	"\"category\": \"Case\", \"x_mitre_emb3d_property_id\": \"PID-2\"},"
	"{\"type\": \"vulnerability\", \"id\": \"v9\", \"name\": \"Opened\", "
	"\"x_mitre_emb3d_threat_id\": \"TID-9\"},"
	"{\"type\": \"vulnerability\", \"id\": \"v1\", \"name\": \"Kept open\", "
	"\"x_mitre_emb3d_threat_id\": \"TID-1\"},"
	"{\"type\": \"relationship\", \"relationship_type\": \"relates-to\", \"source_ref\": "
	"\"p1\", \"target_ref\": \"v9\"},"
	"{\"type\": \"relationship\", \"relationship_type\": \"relates-to\", \"source_ref\": "
	"\"p1\", \"target_ref\": \"v1\"},"
	"{\"type\": \"relationship\", \"relationship_type\": \"subproperty-of\", \"source_ref\": "
	"\"p1\", \"target_ref\": \"p0\"}]}";

struct fixture {
	struct tu_arena *arena;
	struct tu_json_parser *parser;
	struct tu_json root;
};

static void begin(struct fixture *f, const char *text)
{
	f->arena = tu_arena_new(64 << 20);
	f->parser = tu_json_parser_new();
	assert_non_null(f->arena);
	assert_non_null(f->parser);
	assert_int_equal(tu_json_parse(f->parser, tu_str_c(text), NULL, &f->root, NULL), TU_OK);
}

static void end(struct fixture *f)
{
	tu_json_parser_free(f->parser);
	tu_arena_free(f->arena);
}

static void both_forms_say_the_same(void **state)
{
	static const char *const forms[] = {mapping, stix};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(forms); i++) {
		struct tu_concept_pack pack;
		struct fixture f;

		begin(&f, forms[i]);
		assert_true(tu_concept_pack_is(f.root));
		assert_int_equal(tu_concept_pack_read(f.arena, f.root, &pack, NULL), TU_OK);
		assert_int_equal(pack.count, 2);
		assert_int_equal(pack.record.questions, 2);
		assert_true(tu_str_eq(pack.questions[0].id, TU_STR("emb3d/PID-2")));
		assert_true(tu_str_eq(pack.questions[1].text, TU_STR("It has a door")));
		assert_true(tu_str_eq(pack.questions[1].why,
			TU_STR("EMB3D, Case: TID-1 Kept open; TID-9 Opened.")));
		assert_int_equal(pack.questions[1].yes.threats.count, 2);
		assert_int_equal(pack.questions[1].pointless.count, 1);
		assert_int_equal(pack.questions[1].pointless.at[0].question, 0);
		end(&f);
	}
}

static void its_questions_follow_those_of_the_program(void **state)
{
	const struct tu_concept_texts texts = tu_concept_built_in();
	struct tu_concept_answer answer = {.reply = TU_REPLY_NO};
	struct tu_concept_record record = {.answers = &answer, .answer_count = 1};
	struct tu_concept_catalogue catalogue;
	struct tu_concept_state now;
	struct tu_concept_pack pack;
	struct fixture f;
	uint32_t parent, child;

	(void)state;
	begin(&f, mapping);
	assert_int_equal(tu_concept_catalogue_read(f.arena, &texts, &catalogue, NULL), TU_OK);
	assert_int_equal(tu_concept_pack_read(f.arena, f.root, &pack, NULL), TU_OK);
	assert_int_equal(tu_concept_catalogue_extend(f.arena, &catalogue, &pack, NULL), TU_OK);
	parent = tu_concept_question_by_id(&catalogue, TU_STR("emb3d/PID-2"));
	child = tu_concept_question_by_id(&catalogue, TU_STR("emb3d/PID-21"));
	assert_int_equal(parent, catalogue.own_count);
	assert_int_equal(child, catalogue.own_count + 1);
	answer.question = parent;
	assert_int_equal(tu_concept_state_make(f.arena, &catalogue, &record, &now, NULL), TU_OK);
	assert_false(now.standings[child].asked);
	assert_int_equal(now.standings[child].because, parent);
	end(&f);
}

static const struct {
	const char *text;
	enum tu_status status;
	const char *says;
} bad[] = {
	{"{}", TU_E_UNSUPPORTED, "no pack"},
	{"{\"properties\": []}", TU_E_UNSUPPORTED, "no pack"},
	{"{\"properties\": {\"id\": \"PID-1\"}}", TU_E_UNSUPPORTED, "no pack"},
	{"{\"type\": \"bundle\", \"objects\": [{\"type\": \"vulnerability\"}]}", TU_E_UNSUPPORTED,
		"no pack"},
	{"{\"properties\": [{\"id\": \"PID-1\"}]}", TU_E_SYNTAX, "without an id or a text"},
	{"{\"properties\": [{\"id\": \"PID-1\", \"text\": \"a\"}, {\"id\": \"PID-1\", \"text\": "
	 "\"b\"}]}",
		TU_E_SYNTAX, "a second property"},
};

static void refuses_what_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(bad); i++) {
		struct tu_concept_pack pack;
		struct tu_error err = {0};
		struct fixture f;

		begin(&f, bad[i].text);
		assert_int_equal(tu_concept_pack_read(f.arena, f.root, &pack, &err), bad[i].status);
		assert_non_null(strstr(err.message, bad[i].says));
		end(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_say_the_same),
		cmocka_unit_test(its_questions_follow_those_of_the_program),
		cmocka_unit_test(refuses_what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
