#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/model.h>

#include "error_text.h"

struct got {
	struct tu_arena *arena;
	const struct tu_model *model;
	struct tu_model_losses losses;
	struct tu_error err;
	enum tu_status status;
};

static struct got get(const char *text)
{
	struct got g = {.arena = tu_arena_new(0)};
	const struct tu_model_source source = {TU_STR("f"), tu_str_c(text), NULL};

	assert_non_null(g.arena);
	g.status = tu_model_read(g.arena, &source, &g.model, &g.losses, &g.err);
	return g;
}

static struct got must(const char *text)
{
	struct got g = get(text);

	if (g.status)
		fail_msg("%s", error_text(&g.err));
	return g;
}

static void refused(const char *text, const char *expected)
{
	struct got g = get(text);

	assert_int_not_equal(g.status, TU_OK);
	assert_string_equal(error_text(&g.err), expected);
	tu_arena_free(g.arena);
}

static bool lost(const struct got *g, const char *part)
{
	for (size_t i = 0; i < g->losses.count; i++)
		for (size_t j = 0; j < g->losses.at[i].message.len; j++)
			if (tu_str_starts(tu_str_from(g->losses.at[i].message, j), tu_str_c(part)))
				return true;
	return false;
}

#define EQ(str, literal) assert_true(tu_str_eq(str, TU_STR(literal)))

/* ---- Threat Dragon ---- */

#define DRAGON(cells, more) \
	"{\"version\":\"2.3.0\",\"summary\":{\"title\":\"T\"},\"detail\":{\"diagrams\":[" \
	"{\"title\":\"One\",\"description\":\"global view\",\"cells\":[" cells "]}" more "]}}"
#define NODE(id, type, x, name, description) \
	"{\"id\":\"" id "\",\"position\":{\"x\":" x ",\"y\":10},\"size\":{\"width\":10," \
	"\"height\":10},\"data\":{\"type\":\"" type "\",\"name\":\"" name \
	"\",\"description\":\"" description "\"}}"
#define BOX(id, x, width, name) \
	"{\"id\":\"" id "\",\"position\":{\"x\":" x ",\"y\":0},\"size\":{\"width\":" width \
	",\"height\":100},\"data\":{\"type\":\"tm.BoundaryBox\",\"name\":\"" name "\"}}"
#define FLOW(id, from, to, data) \
	"{\"id\":\"" id "\",\"source\":{" from "},\"target\":{" to "},\"data\":{\"type\":" \
	"\"tm.Flow\",\"name\":\"F\"," data "}}"

static void an_element_on_two_diagrams_is_one(void **state)
{
	struct got g = must(DRAGON(BOX("z", "0", "50", "Ward") "," NODE("a1", "tm.Process", "5",
					   "A", "ref: a\\ncount: 3\\nlistener: yes") "," NODE("b1",
					   "tm.Store", "90", "B", ""),
		",{\"cells\":[" NODE("a2", "tm.Process", "5", "Other", "ref: a") "," NODE(
			"b2", "tm.Store", "5", "B", "") "," FLOW("f", "\"cell\":\"a2\"",
			"\"cell\":\"b2\"",
			"\"description\":\"authentication: none\\ncarries: command, log\"") "]}"));
	const struct tu_model *m = g.model;
	(void)state;

	assert_int_equal(m->elements_count, 2);
	assert_int_equal(m->flows_count, 1);
	assert_int_equal(m->views_count, 2);
	EQ(m->elements[0].id, "a");
	assert_int_equal(m->elements[0].count, 3);
	EQ(tu_model_fact_get(&m->elements[0].facts, TU_STR("listener")), "yes");
	EQ(m->zones[m->elements[0].zone].name, "Ward");
	assert_int_equal(m->elements[1].kind, TU_ELEMENT_STORE);
	assert_int_equal(m->elements[1].zone, TU_MODEL_NOWHERE);
	assert_int_equal(m->flows[0].from, 0);
	assert_int_equal(m->flows[0].to, 1);
	assert_int_equal(m->flows[0].carries, TU_CARRIES_COMMAND | TU_CARRIES_LOG);
	EQ(m->flows[0].properties[TU_PROPERTY_AUTHENTICATION], "none");
	EQ(m->flows[0].properties[TU_PROPERTY_INTEGRITY], "");
	assert_int_equal(m->views[0].kind, TU_VIEW_GLOBAL);
	tu_arena_free(g.arena);
}

static void boxes_nest_by_their_places(void **state)
{
	struct got g = must(DRAGON(BOX("out", "0", "200", "Out") "," BOX("in", "10", "50",
					   "In") "," NODE("a", "tm.Actor", "20", "A", ""),
		""));
	(void)state;

	EQ(g.model->zones[g.model->elements[0].zone].name, "In");
	EQ(g.model->zones[g.model->zones[g.model->elements[0].zone].parent].name, "Out");
	tu_arena_free(g.arena);
}

/* isEncrypted and isPublicNetwork: false is what a new flow has. */
static void a_flag_that_is_false_states_nothing(void **state)
{
	struct got g =
		must(DRAGON(NODE("a", "tm.Actor", "0", "A", "") "," NODE("b", "tm.Process", "50",
				    "B", "") "," FLOW("f", "\"cell\":\"a\"", "\"cell\":\"b\"",
				    "\"isEncrypted\":false,\"isPublicNetwork\":false") "," FLOW("g",
				    "\"cell\":\"b\"", "\"cell\":\"a\"",
				    "\"isEncrypted\":true,\"isPublicNetwork\":true"),
			""));
	(void)state;

	EQ(g.model->flows[0].properties[TU_PROPERTY_ENCRYPTION], "");
	assert_int_equal(g.model->flows[0].medium, TU_MEDIUM_UNKNOWN);
	EQ(g.model->flows[1].properties[TU_PROPERTY_ENCRYPTION], "stated");
	assert_int_equal(g.model->flows[1].medium, TU_MEDIUM_INTERNET);
	tu_arena_free(g.arena);
}

/* Of a mitigated threat the form does not say which property the mitigation gives. */
static void a_mitigated_threat_is_a_control_that_provides_nothing_stated(void **state)
{
	struct got g = must(DRAGON(
		"{\"id\":\"a\",\"data\":{\"type\":\"tm.Process\",\"name\":\"A\","
		"\"threats\":[{\"title\":\"x\",\"type\":\"Spoofing\",\"status\":\"Mitigated\","
		"\"mitigation\":\"Badge (requirement R-1, evidence none)\"},{\"title\":\"y\","
		"\"status\":\"Open\",\"mitigation\":\"\"}]}}",
		""));
	(void)state;

	assert_int_equal(g.model->controls_count, 1);
	EQ(g.model->controls[0].title, "Badge");
	EQ(g.model->controls[0].requirement, "R-1");
	EQ(g.model->controls[0].evidence, "");
	assert_int_equal(g.model->controls[0].provides.count, 0);
	assert_int_equal(g.model->controls[0].covers.count, 1);
	assert_true(lost(&g, "the threat \"y\" (Open)"));
	tu_arena_free(g.arena);
}

static void what_hangs_in_the_air_is_named(void **state)
{
	struct got g =
		must(DRAGON(NODE("a", "tm.Actor", "0", "A", "") "," FLOW("f", "\"cell\":\"a\"",
				    "\"x\":1,\"y\":2",
				    "\"description\":\"\"") ","
							    "{\"id\":\"l\",\"data\":{\"type\":\"tm."
							    "Boundary\",\"name\":\"Line\"}}",
			""));
	(void)state;

	assert_int_equal(g.model->flows_count, 0);
	assert_true(lost(&g, "the flow \"F\" has an end at no element"));
	assert_true(lost(&g, "\"Line\": a line has no inside"));
	tu_arena_free(g.arena);
}

static void threat_dragon_1_is_refused(void **state)
{
	(void)state;
	refused("{\"summary\":{},\"detail\":{\"diagrams\":[{\"diagramJson\":{}}]}}",
		"f:1:1: a model of Threat Dragon version 1, or of none: open it with Threat Dragon "
		"2 and save it again");
}

/* The tool names what is drawn "Process", "Data Flow", "Trust Boundary": on one diagram names make
 * nothing one, and the second of a diagram is the second of the others. */
static void what_has_one_name_on_one_diagram_is_two(void **state)
{
	struct got g = must(DRAGON(
		BOX("y", "0", "30", "Trust Boundary") "," BOX("z", "40", "30",
			"Trust Boundary") "," NODE("a", "tm.Process", "5", "Process",
			"") "," NODE("b", "tm.Process", "45", "Process", "") "," FLOW("f",
			"\"cell\":\"a\"", "\"cell\":\"b\"", "\"isEncrypted\":true") "," FLOW("g",
			"\"cell\":\"a\"", "\"cell\":\"b\"", "\"isPublicNetwork\":true"),
		",{\"cells\":[" NODE("a", "tm.Process", "0", "Process", "") "," NODE(
			"c", "tm.Process", "0", "Process", "") "," FLOW("h", "\"cell\":\"a\"",
			"\"cell\":\"c\"", "\"isALog\":true") "," FLOW("i", "\"cell\":\"c\"",
			"\"cell\":\"a\"", "\"isALog\":true") "]}"));
	const struct tu_model *m = g.model;
	(void)state;

	assert_int_equal(m->zones_count, 2);
	assert_int_equal(m->elements_count, 2);
	assert_int_equal(m->elements[0].zone, 0);
	assert_int_equal(m->elements[1].zone, 1);
	assert_int_equal(m->flows_count, 3);
	EQ(m->flows[0].properties[TU_PROPERTY_ENCRYPTION], "stated");
	assert_int_equal(m->flows[1].medium, TU_MEDIUM_INTERNET);
	EQ(m->flows[1].properties[TU_PROPERTY_ENCRYPTION], "");
	assert_int_equal(m->flows[2].from, 1);
	assert_int_equal(m->flows[2].to, 0);
	tu_arena_free(g.arena);
}

/* Boundaries and elements are named apart: "ref: panel" may be both. */
static void a_boundary_may_have_the_id_of_an_element(void **state)
{
	struct got g = must(
		DRAGON(BOX("y", "0", "30",
			       "Ward") ",{\"id\":\"z\",\"position\":{\"x\":"
				       "40,\"y\":0},\"size\":{\"width\":30,\"height\":100},"
				       "\"data\":{\"type\":"
				       "\"tm.BoundaryBox\",\"name\":\"Panel\",\"description\":"
				       "\"ref: panel\"}}," NODE("a", "tm.Process", "45", "Panel",
					       "ref: panel") "," NODE("b", "tm.Process", "5",
					       "Sensor", "ref: b") "," FLOW("f", "\"cell\":\"b\"",
					       "\"cell\":\"a\"", "\"description\":\"ref: f\""),
			""));
	const struct tu_model *m = g.model;
	(void)state;

	assert_int_equal(m->zones_count, 2);
	assert_int_equal(m->elements_count, 2);
	EQ(m->elements[0].id, "panel");
	EQ(m->zones[m->elements[0].zone].id, "panel");
	EQ(m->elements[1].id, "b");
	assert_int_equal(m->elements[1].zone, 0);
	assert_int_equal(m->flows[0].from, 1);
	assert_int_equal(m->flows[0].to, 0);
	tu_arena_free(g.arena);
}

static void a_shape_without_a_place_is_in_no_boundary(void **state)
{
	struct got g = must(DRAGON(BOX("z", "0", "50", "Ward") ",{\"id\":\"a\",\"data\":{\"type\":"
							       "\"tm.Process\",\"name\":\"A\"}}",
		""));
	(void)state;

	assert_int_equal(g.model->elements[0].zone, TU_MODEL_NOWHERE);
	tu_arena_free(g.arena);
}

/* ---- Threagile ---- */

static const char threagile[] =
	"threagile_version: 1.0.0\n"
	"data_assets:\n"
	"  Dose: &dose {id: dose, description: 'Function: therapy', confidentiality: internal,\n"
	"    justification_cia_rating: 'Hazards: burn on loss of integrity/availability'}\n"
	"  Log: {<<: *dose, id: log, justification_cia_rating: 'Hazards: none'}\n"
	"technical_assets:\n"
	"  Console:\n"
	"    id: console\n"
	"    type: process\n"
	"    encryption: none\n"
	"    data_assets_processed: [dose]\n"
	"    communication_links:\n"
	"      Sets: {target: tube, protocol: https, authentication: none, data_assets_sent: "
	"[dose]}\n"
	"      Asks: {target: tube, protocol: binary, authentication: credentials,\n"
	"        description: \"ref: f2\\nauthentication: mutual\"}\n"
	"  Tube: {id: tube, type: datastore, encryption: transparent}\n"
	"trust_boundaries:\n"
	"  Outer: {id: outer, description: 'Room; border: Door', trust_boundaries_nested: "
	"[inner]}\n"
	"  Inner: {id: inner, technical_assets_inside: [tube]}\n"
	"security_requirements:\n"
	"  'R-1: Lock': 'Category: Authorization; covers tube; evidence none'\n"
	"  Free: text\n";

static void a_default_of_threagile_states_nothing(void **state)
{
	struct got g = must(threagile);
	const struct tu_model *m = g.model;
	(void)state;

	EQ(m->flows[0].id, "console>Sets");
	EQ(m->flows[0].properties[TU_PROPERTY_AUTHENTICATION], "");
	EQ(m->flows[0].properties[TU_PROPERTY_ENCRYPTION], "tls");
	EQ(m->flows[1].id, "f2");
	EQ(m->flows[1].properties[TU_PROPERTY_AUTHENTICATION], "mutual");
	EQ(tu_model_fact_get(&m->elements[0].facts, TU_STR("at_rest")), "");
	EQ(tu_model_fact_get(&m->elements[1].facts, TU_STR("at_rest")), "encrypted");
	EQ(m->zones[m->elements[1].zone].id, "inner");
	EQ(m->zones[0].boundary, "Door");
	assert_int_equal(m->zones[1].parent, 0);
	assert_int_equal(m->assets[0].hazard_count, 1);
	assert_int_equal(m->hazards[0].severity, TU_HARM_UNKNOWN);
	assert_int_equal(m->assets[0].function, TU_FUNCTION_THERAPY);
	assert_int_equal(m->assets[1].hazard_count, 0);
	assert_int_equal(m->controls_count, 1);
	EQ(m->controls[0].requirement, "R-1");
	EQ(m->controls[0].evidence, "");
	assert_int_equal(m->controls[0].category, 2);
	assert_true(lost(&g, "the security requirement says of no element"));
	tu_arena_free(g.arena);
}

static void a_boundary_in_itself_is_refused(void **state)
{
	(void)state;
	refused("threagile_version: 1.0.0\ntrust_boundaries:\n  A: {id: a, "
		"trust_boundaries_nested: [b]}\n  B: {id: b, trust_boundaries_nested: [a]}\n",
		"f:4:40: /trust_boundaries/B/trust_boundaries_nested/0: the boundary \"a\" is in "
		"itself");
	refused("threagile_version: 1.0.0\ntechnical_assets:\n  A: {id: a}\n  B: {id: a}\n",
		"f: \"a\" names a second element or flow");
}

static void what_boundaries_name_is_found_or_asked(void **state)
{
	struct got g = must("threagile_version: 1.0.0\ntechnical_assets:\n  A: {id: a}\n  B:\n"
			    "trust_boundaries:\n  Outer: {trust_boundaries_nested: [inner, gone]}\n"
			    "  Inner: {id: inner, technical_assets_inside: [a, lost, B]}\n"
			    "  Other: {id: other, technical_assets_inside: [a], "
			    "trust_boundaries_nested: [inner]}\n");
	const struct tu_model *m = g.model;
	(void)state;

	EQ(m->zones[m->zones[1].parent].id, "Outer");
	EQ(m->zones[m->elements[0].zone].id, "inner");
	EQ(m->zones[m->elements[1].zone].id, "inner");
	assert_true(lost(&g, "there is no \"gone\" that could be in this boundary"));
	assert_true(lost(&g, "there is no \"lost\" that could be in this boundary"));
	assert_true(lost(&g, "\"a\" is in two boundaries: the first one counts"));
	assert_true(lost(&g, "\"inner\" is in two boundaries: the first one counts"));
	assert_int_equal(g.losses.count, 4);
	tu_arena_free(g.arena);
}

static void a_link_to_nothing_is_refused_where_it_is(void **state)
{
	(void)state;
	refused("threagile_version: 1.0.0\ntechnical_assets:\n  A: {id: a, communication_links: "
		"{L: {target: b}}}\n",
		"f:3:39: /technical_assets/A/communication_links/L: the link leads to no technical "
		"asset: there is no \"b\"");
}

/* ---- Microsoft's tool ---- */

#define SHAPE(type, guid, left, width, name, more) \
	"<a:V><Value i:type='" type "'><Guid>" guid \
	"</Guid><Properties><a:anyType><b:DisplayName>" \
	"Name</b:DisplayName><b:Value>" name "</b:Value></a:anyType>" more \
	"</Properties><Left>" left "</Left><Top>0</Top><Width>" width \
	"</Width><Height>50</Height></Value></a:V>"
#define CHOICE(name, options, selected) \
	"<a:anyType><b:DisplayName>" name \
	"</b:DisplayName><b:Value><a:string>Not Selected</a:string>" options \
	"</b:Value><b:SelectedIndex>" selected "</b:SelectedIndex></a:anyType>"

static const char tm7[] =
	"<ThreatModel xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:a='a' xmlns:b='b'>"
	"<DrawingSurfaceList><DrawingSurfaceModel><Properties><a:anyType><b:DisplayName>Name"
	"</b:DisplayName><b:Value>Page</b:Value></a:anyType></Properties><Borders>" SHAPE(
		"BorderBoundary", "z", "0", "100", "Ward", "") SHAPE("StencilEllipse", "p", "10",
		"20", "Pump",
		CHOICE("Isolation Level", "<a:string>Sandbox</a:string>",
			"1")) SHAPE("StencilRectangle", "e", "400", "20", "Record",
		CHOICE("Type", "<a:string>Code</a:string>",
			"0")) "</Borders><Lines><a:V><Value "
			      "i:type='Connector'><Guid>f</Guid><Properties>" CHOICE("Physical "
										     "Network",
				      "<a:string>Wire</a:string><a:string>Wi-Fi</a:string>",
				      "2") "</Properties><SourceGuid>p</SourceGuid><TargetGuid>e</"
					   "TargetGuid></Value></a:V><a:V>"
					   "<Value "
					   "i:type='LineBoundary'><Guid>l</Guid><Properties></"
					   "Properties></Value></a:V></Lines>"
					   "</DrawingSurfaceModel></"
					   "DrawingSurfaceList><ThreatInstances><b:State>"
					   "AutoGenerated"
					   "</b:State></ThreatInstances><KnowledgeBase><Value "
					   "i:type='Connector'/></KnowledgeBase>"
					   "</ThreatModel>";

static void shapes_and_answers_of_tm7_are_read(void **state)
{
	struct got g = must(tm7);
	const struct tu_model *m = g.model;
	(void)state;

	assert_int_equal(m->elements_count, 2);
	assert_int_equal(m->elements[0].kind, TU_ELEMENT_PROCESS);
	assert_int_equal(m->elements[1].kind, TU_ELEMENT_EXTERNAL);
	EQ(m->zones[m->elements[0].zone].name, "Ward");
	assert_int_equal(m->elements[1].zone, TU_MODEL_NOWHERE);
	EQ(tu_model_fact_get(&m->elements[0].facts, TU_STR("isolation_level")), "Sandbox");
	EQ(tu_model_fact_get(&m->elements[1].facts, TU_STR("type")), "");
	assert_int_equal(m->flows_count, 1);
	assert_int_equal(m->flows[0].medium, TU_MEDIUM_RADIO);
	EQ(m->views[0].title, "Page");
	assert_true(lost(&g, "1 threats of the file"));
	assert_true(lost(&g, "\"\" (LineBoundary)"));
	tu_arena_free(g.arena);
}

#define LINE(id, name, sx, sy, hx, hy, tx, ty) \
	"<a:V><Value i:type='LineBoundary'><Guid>" id \
	"</Guid><Properties><a:anyType><b:DisplayName>Name</b:DisplayName><b:Value>" name \
	"</b:Value></a:anyType></Properties><SourceX>" sx "</SourceX><SourceY>" sy \
	"</SourceY><HandleX>" hx "</HandleX><HandleY>" hy "</HandleY><TargetX>" tx \
	"</TargetX><TargetY>" ty "</TargetY></Value></a:V>"
#define SURFACE(borders, lines) \
	"<ThreatModel xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:a='a' " \
	"xmlns:b='b'>" \
	"<DrawingSurfaceList><DrawingSurfaceModel><Borders>" borders "</Borders><Lines>" lines \
	"</Lines></DrawingSurfaceModel></DrawingSurfaceList></ThreatModel>"

/* "(" around what is left of x = 300 and "(" … ")" of two lines: in both is in neither. */
static const char lines[] = SURFACE(
	SHAPE("BorderBoundary", "box", "0", "100", "Box", "") SHAPE("StencilEllipse", "in", "10",
		"20", "In the box", "") SHAPE("StencilEllipse", "left", "200", "20", "Left", "")
		SHAPE("StencilEllipse", "right", "400", "20", "Right", "")
			SHAPE("StencilEllipse", "far", "700", "20", "Far", ""),
	LINE("l", "Left line", "290", "-200", "340", "25", "290", "250")
		LINE("r", "Right line", "390", "-200", "340", "25", "390", "250")
			LINE("f", "Far line", "690", "-200", "640", "25", "690", "250")
				LINE("s", "Straight", "500", "0", "500", "25", "500", "50"));

static void a_line_that_bends_is_a_zone_of_tm7(void **state)
{
	struct got g = must(lines);
	const struct tu_model *m = g.model;
	(void)state;

	assert_int_equal(m->zones_count, 4);
	EQ(m->zones[0].id, "box");
	EQ(m->zones[m->zones[0].parent].name, "Left line");
	EQ(m->zones[m->elements[0].zone].name, "Box");
	EQ(m->zones[m->elements[1].zone].name, "Left line");
	EQ(m->zones[m->elements[2].zone].name, "Right line");
	assert_int_equal(m->elements[3].zone, TU_MODEL_NOWHERE);
	assert_true(lost(&g, "\"Straight\" (LineBoundary): a line has no inside"));
	tu_arena_free(g.arena);
}

static void a_line_through_a_box_is_a_question(void **state)
{
	static const char parted[] =
		SURFACE(SHAPE("BorderBoundary", "box", "0", "500", "Box", "")
				SHAPE("StencilEllipse", "a", "10", "20", "One", "")
					SHAPE("StencilEllipse", "b", "400", "20", "Other", ""),
			LINE("l", "Line", "290", "-200", "340", "25", "290", "250"));
	struct got g = must(parted);
	(void)state;

	assert_true(lost(&g, "a line boundary parts \"One\" and \"Other\""));
	tu_arena_free(g.arena);
}

#define STATIC(name, answer) \
	"<a:anyType><b:DisplayName>" name "</b:DisplayName><b:Value><a:string>" answer \
	"</a:string></b:Value><b:SelectedIndex>0</b:SelectedIndex></a:anyType>"
#define ANSWERS(name, first, second, selected) \
	"<a:anyType><b:DisplayName>" name "</b:DisplayName><b:Value><a:string>" first \
	"</a:string><a:string>" second "</a:string></b:Value><b:SelectedIndex>" selected \
	"</b:SelectedIndex></a:anyType>"
#define ANSWERED(id, answers) \
	"<a:V><Value i:type='Connector'><Guid>" id "</Guid><Properties>" answers \
	"</Properties><SourceGuid>p</SourceGuid><TargetGuid>h</TargetGuid></Value></a:V>"

/* The template says what the first answer is: what a shape has when it is drawn is no answer. */
static void answers_of_tm7_are_no_defaults(void **state)
{
	static const char answers[] = SURFACE(
		SHAPE("StencilEllipse", "p", "10", "20", "Server",
			ANSWERS("SSH Allows Root Login", "Yes", "No", "1") ANSWERS(
				"Safety Critical", "Yes", "No", "0")) SHAPE("StencilRectangle", "h",
			"400", "20", "User", STATIC("Type", "Human")),
		ANSWERED("http",
			STATIC("Provides Confidentiality", "No") STATIC("Source Authenticated",
				"No") STATIC("Destination Authenticated", "No")) ANSWERED("drawn",
			ANSWERS("Provides Confidentiality", "No", "Yes", "0")
				ANSWERS("Provides Integrity", "No", "Yes", "1")
					STATIC("Source Authenticated", "No")));
	struct got g = must(answers);
	const struct tu_model *m = g.model;
	(void)state;

	EQ(tu_model_fact_get(&m->elements[0].facts, TU_STR("ssh_allows_root_login")), "No");
	EQ(tu_model_fact_get(&m->elements[0].facts, TU_STR("safety_critical")), "");
	assert_int_equal(m->elements[1].kind, TU_ELEMENT_ACTOR);
	EQ(m->flows[0].properties[TU_PROPERTY_ENCRYPTION], "none");
	EQ(m->flows[0].properties[TU_PROPERTY_AUTHENTICATION], "none");
	EQ(m->flows[0].properties[TU_PROPERTY_INTEGRITY], "");
	EQ(m->flows[1].properties[TU_PROPERTY_ENCRYPTION], "");
	EQ(m->flows[1].properties[TU_PROPERTY_INTEGRITY], "stated");
	EQ(m->flows[1].properties[TU_PROPERTY_AUTHENTICATION], "");
	tu_arena_free(g.arena);
}

static void hostile_documents_are_refused(void **state)
{
	(void)state;
	refused("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><ThreatModel>&a;</ThreatModel>",
		"f:1:25: declares the entity \"a\": refused");
	refused("<svg/>", "f: XML that is no model of Microsoft's Threat Modeling Tool (.tm7)");
	refused("schema: tutela-model/2\n",
		"f:1:1: no form of a design model that is read: there are schema: tutela-model/1, "
		"schema: neutral-device-model/1, Threat Dragon 2, Threagile 1, otmVersion: 0.2, "
		"otmVersion: 0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_element_on_two_diagrams_is_one),
		cmocka_unit_test(boxes_nest_by_their_places),
		cmocka_unit_test(what_has_one_name_on_one_diagram_is_two),
		cmocka_unit_test(a_boundary_may_have_the_id_of_an_element),
		cmocka_unit_test(a_shape_without_a_place_is_in_no_boundary),
		cmocka_unit_test(a_flag_that_is_false_states_nothing),
		cmocka_unit_test(a_mitigated_threat_is_a_control_that_provides_nothing_stated),
		cmocka_unit_test(what_hangs_in_the_air_is_named),
		cmocka_unit_test(threat_dragon_1_is_refused),
		cmocka_unit_test(a_default_of_threagile_states_nothing),
		cmocka_unit_test(a_boundary_in_itself_is_refused),
		cmocka_unit_test(what_boundaries_name_is_found_or_asked),
		cmocka_unit_test(a_link_to_nothing_is_refused_where_it_is),
		cmocka_unit_test(shapes_and_answers_of_tm7_are_read),
		cmocka_unit_test(a_line_that_bends_is_a_zone_of_tm7),
		cmocka_unit_test(a_line_through_a_box_is_a_question),
		cmocka_unit_test(answers_of_tm7_are_no_defaults),
		cmocka_unit_test(hostile_documents_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
