#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/xml.h"
#include "error_text.h"
#include "report/diagram.h"
#include "report/threat_page.h"

/* U+202E and markup in each name that reaches a picture or a table. */
#define EVIL "<script>alert(1)</script>\xe2\x80\xae&\\\"'"

static const char hostile[] =
	"{\"schema\":\"neutral-device-model/1\",\"id\":\"m\",\"title\":\"" EVIL "\","
	"\"hazards\":[{\"id\":\"h\",\"severity\":\"critical\"}],"
	"\"assets\":[{\"id\":\"dose\",\"function\":\"therapy\",\"hazards\":[{\"hazard\":\"h\","
	"\"on_loss_of\":[\"integrity\"]}]}],"
	"\"zones\":[{\"id\":\"z\",\"name\":\"" EVIL "\"},{\"id\":\"y\"}],"
	"\"elements\":[{\"id\":\"a\",\"kind\":\"process\",\"zone\":\"z\",\"name\":\"" EVIL
	"\",\"assets\":[\"dose\"],\"count\":2,\"patients\":1},{\"id\":\"b\",\"kind\":\"store\","
	"\"zone\":\"y\",\"name\":\"B\",\"facts\":{\"x\":\"" EVIL "\"}}],"
	"\"flows\":[{\"id\":\"f\",\"from\":\"b\",\"to\":\"a\",\"name\":\"" EVIL
	"\",\"medium\":\"radio\",\"carries\":[\"command\"],\"assets\":[\"dose\"],"
	"\"authentication\":\"none\",\"integrity\":\"none\",\"encryption\":\"none\","
	"\"freshness\":\"none\"}],"
	"\"controls\":[{\"id\":\"c\",\"title\":\"" EVIL "\",\"covers\":[\"f\"],\"provides\":"
	"[\"freshness\"],\"requirement\":\"R\",\"evidence\":\"\"}],"
	"\"views\":[{\"id\":\"v\",\"kind\":\"global\",\"title\":\"" EVIL "\",\"elements\":\"*\","
	"\"flows\":\"*\"},{\"id\":\"none\",\"kind\":\"use-case\",\"reason\":\"No use case.\"}]}";

struct made {
	struct tu_arena *arena;
	struct tu_threat_page_input page;
	struct tu_sink out;
};

static void make(struct made *m, const char *text)
{
	const struct tu_model_source source = {TU_STR("f"), tu_str_c(text), NULL};
	static const struct tu_threat_pack *pack;
	struct tu_threat_input input = {.at = 1764000000, .packs = &pack, .pack_count = 1};
	struct tu_error err;

	*m = (struct made){.arena = tu_arena_new(0)};
	if (tu_model_read(m->arena, &source, &input.model, NULL, &err))
		fail_msg("%s", error_text(&err));
	assert_int_equal(tu_threat_pack_builtin(m->arena, &pack, &err), TU_OK);
	m->page = (struct tu_threat_page_input){.tool = TU_STR("tutela"),
		.at = input.at,
		.arena = m->arena,
		.model = input.model,
		.packs = input.packs,
		.pack_count = 1};
	assert_int_equal(tu_threat_find(m->arena, &input, &m->page.threats, &err), TU_OK);
	assert_int_equal(
		tu_model_lint(m->arena, input.model, input.at, &m->page.lints, &err), TU_OK);
	tu_sink_init_memory(&m->out, 64 << 20);
	assert_int_equal(tu_threat_page_write(&m->page, &m->out, &err), TU_OK);
	tu_buf_byte(&m->out.buf, '\0');
}

static void end(struct made *m)
{
	tu_sink_done(&m->out);
	tu_arena_free(m->arena);
}

static bool has(const struct made *m, const char *part)
{
	return strstr(m->out.buf.ptr, part) != NULL;
}

static void names_are_text_and_nothing_else(void **state)
{
	struct made m;
	(void)state;

	make(&m, hostile);
	assert_false(has(&m, "<script"));
	assert_false(has(&m, "\xe2\x80\xae"));
	assert_true(has(&m, "&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]&amp;&quot;&#39;"));
	end(&m);
}

static void a_threat_has_its_anchor_trace_and_severity(void **state)
{
	struct made m;
	(void)state;

	make(&m, hostile);
	assert_true(m.page.threats.count > 0);
	assert_int_equal(m.page.threats.at[0].outcome, TU_THREAT_OPEN);
	assert_true(has(&m, "id=\"t-T01@a@f\""));
	assert_true(has(&m, "href=\"#t-T01@a@f\""));
	assert_true(has(&m, "<td>critical</td>"));
	/* the control gives freshness alone, and nobody has tested it */
	assert_true(has(&m, "mitigated without evidence"));
	assert_true(has(&m, "No use case."));
	assert_true(has(&m, "gives no reason for it"));
	assert_true(has(&m, "not in the model, and no reason is given"));
	end(&m);
}

static void a_model_of_nothing_says_why_each_part_is_empty(void **state)
{
	struct made m;
	(void)state;

	make(&m, "schema: neutral-device-model/1\nid: m\n");
	assert_true(has(&m, "No rule fired."));
	assert_true(has(&m, "The model states no assumption."));
	assert_false(has(&m, "<figure"));
	end(&m);
}

/* ---- pictures ---- */

struct seen {
	size_t titles, texts, rectangles;
};

static enum tu_status opened(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	struct seen *seen = context;

	seen->titles += tu_str_eq(name.local, TU_STR("title"));
	seen->texts += tu_str_eq(name.local, TU_STR("text"));
	seen->rectangles += tu_str_eq(name.local, TU_STR("rect"));
	assert_null(tu_xml_attr(xml, "", "style").ptr);
	assert_null(tu_xml_attr(xml, "", "onload").ptr);
	return TU_OK;
}

static enum tu_status closed(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	(void)context;
	(void)xml;
	(void)name;
	(void)text;
	return TU_OK;
}

static struct seen draw(struct tu_arena *arena, const struct tu_diagram_input *input)
{
	struct seen seen = {0};
	const struct tu_xml_handler handler = {opened, closed, &seen};
	struct tu_error err;
	struct tu_buf svg;

	tu_buf_init(&svg, 64 << 20);
	assert_int_equal(tu_diagram_write(arena, input, &svg, &err), TU_OK);
	if (tu_xml_read(tu_buf_str(&svg), NULL, &handler, &err))
		fail_msg("%s", error_text(&err));
	tu_buf_done(&svg);
	return seen;
}

static void a_picture_is_well_formed_and_names_each_thing(void **state)
{
	struct made m;
	struct seen seen;
	(void)state;

	make(&m, hostile);
	seen = draw(m.arena,
		&(struct tu_diagram_input){.model = m.page.model,
			.view = &m.page.model->views[0],
			.threats = &m.page.threats});
	/* the picture, two zones, two elements, a flow, and counts of open threats */
	assert_true(seen.titles >= 7);
	seen = draw(m.arena,
		&(struct tu_diagram_input){.model = m.page.model, .view = &m.page.model->views[1]});
	assert_int_equal(seen.titles, 1);
	end(&m);
}

/* 2,000 elements: nobody reads that picture, but it is drawn, and its table too. */
static void a_large_model_is_drawn(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_model *model;
	struct tu_buf text;
	struct tu_error err;
	(void)state;

	tu_buf_init(&text, 64 << 20);
	tu_buf_c(&text, "schema: neutral-device-model/1\nid: m\nzones: [{id: z}]\nelements:\n");
	for (int i = 0; i < 2000; i++)
		tu_buf_printf(&text, "  - {id: e%d, kind: process, zone: z}\n", i);
	tu_buf_c(&text, "flows:\n");
	for (int i = 0; i < 2000; i++)
		tu_buf_printf(&text, "  - {id: f%d, from: e%d, to: e%d}\n", i, i, (i + 1) % 2000);
	assert_int_equal(tu_model_read(arena,
				 &(struct tu_model_source){TU_STR("f"), tu_buf_str(&text), NULL},
				 &model, NULL, &err),
		TU_OK);
	assert_true(draw(arena, &(struct tu_diagram_input){.model = model}).titles > 4000);
	tu_buf_done(&text);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_text_and_nothing_else),
		cmocka_unit_test(a_threat_has_its_anchor_trace_and_severity),
		cmocka_unit_test(a_model_of_nothing_says_why_each_part_is_empty),
		cmocka_unit_test(a_picture_is_well_formed_and_names_each_thing),
		cmocka_unit_test(a_large_model_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
