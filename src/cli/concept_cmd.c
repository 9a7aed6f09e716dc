/* tutela concept: the questions before there is a picture of the device. */
#include <stdio.h>
#include <unistd.h>

#include "app/output.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/concept_ask.h"
#include "cli/context.h"
#include "cli/gate_conclude.h"
#include "cli/options.h"
#include "show/concept.h"
#include "show/paint.h"

static const char name[] = "concept";

struct request {
	const char *class_word, *pack, *by, *format, *colour, *at;
	const char *fail_on;
	bool again, seed;
	struct tu_gate gate;
};

static enum tu_status show(
	const struct request *r, const struct tu_concept_folder *folder, struct tu_error *err)
{
	const struct tu_concept_format *format =
		tu_concept_format_by_name(tu_str_c(r->format ? r->format : "table"));
	const struct tu_concept_style style = {tu_options_colour(r->colour, STDOUT_FILENO)};
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, NULL, err);

	if (status != TU_OK || !format)
		return status;
	format->write(&folder->phase, &style, &out.sink);
	return tu_output_close(&out, err);
}

/* Strangers' text, its lines as they are. */
static void add_lines(struct tu_buf *out, struct tu_str text)
{
	const struct tu_paint paint = {out, false};
	struct tu_str line;

	while (text.len) {
		(void)tu_str_split(&text, '\n', &line);
		tu_paint(&paint, TU_HUE_PLAIN, line);
		tu_buf_byte(out, '\n');
	}
}

/* The licence of a pack, before its questions. */
static void show_licence(const struct tu_concept_folder *folder)
{
	const struct tu_concept_pack_record *pack = &folder->phase.pack.record;
	struct tu_buf text;

	if (!folder->phase.pack.count)
		return;
	tu_buf_init(&text, 1 << 20);
	add_lines(&text, pack->title);
	tu_buf_printf(&text, "%u questions from ", pack->questions);
	add_lines(&text, pack->file);
	add_lines(&text, pack->licence);
	fprintf(stderr, "%.*s\n", TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
}

static enum tu_status set_class(
	const struct request *r, struct tu_concept_folder *folder, struct tu_error *err)
{
	int class = 0;

	if (!r->class_word || !tu_words_find(&tu_words_class, tu_str_c(r->class_word), &class) ||
		folder->phase.record.device_class == (enum tu_device_class) class)
		return TU_OK;
	return tu_concept_folder_set_class(folder, (enum tu_device_class) class, err);
}

static enum tu_status ask(
	const struct request *r, struct tu_concept_folder *folder, struct tu_error *err)
{
	const struct tu_concept_asking asking = {folder, r->by, r->again};
	enum tu_status status;

	show_licence(folder);
	status = set_class(r, folder, err);
	if (status == TU_OK)
		status = tu_concept_folder_record_pack(folder, err);
	if (status == TU_OK)
		status = tu_concept_ask(&asking, err);
	return status ? status : show(r, folder, err);
}

/* What a person's model states is quoted: made harmless. */
static void print_part(const char *heading, const struct tu_buf *part)
{
	struct tu_buf text;

	if (!part->len)
		return;
	tu_buf_init(&text, 64 << 20);
	add_lines(&text, tu_buf_str(part));
	printf("\n%s%.*s", heading, TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
}

static enum tu_status seed(struct tu_concept_folder *folder, struct tu_error *err)
{
	struct tu_concept_seed_answer answer;
	enum tu_status status = tu_concept_folder_seed(folder, &answer, err);
	const struct tu_concept_seeded *n = &answer.seeded;

	if (status == TU_OK && n->zones + n->elements + n->flows)
		printf("%s%s: %zu zones, %zu elements, %zu flows, %zu views added\n", answer.model,
			answer.is_new ? " (new)" : "", n->zones, n->elements, n->flows, n->views);
	else if (status == TU_OK)
		printf("%s: nothing to add%s\n", answer.model,
			answer.facts.len ? " but by hand" : "");
	if (status == TU_OK)
		print_part("Elements that are in model.yaml, to be looked at by hand:\n",
			&answer.facts);
	if (status == TU_OK)
		print_part("Unknown, so it is not in the model; open until it is answered "
			   "(--format, --again):\n",
			&answer.unknown);
	if (status == TU_OK)
		print_part("To be added to device.yaml by hand; --seed then says which elements "
			   "have these assets:\n\n",
			&answer.device);
	tu_buf_done(&answer.unknown);
	tu_buf_done(&answer.facts);
	tu_buf_done(&answer.device);
	return status;
}

static enum tu_status run(
	const struct request *r, struct tu_concept_folder *folder, struct tu_error *err)
{
	if (r->seed)
		return seed(folder, err);
	return r->format || r->fail_on ? show(r, folder, err) : ask(r, folder, err);
}

static int judge(const struct request *r, const struct tu_concept_folder *folder)
{
	const struct tu_gate_input input = {.concept = &folder->phase.state};
	struct tu_gate_verdict verdict;

	tu_gate_judge(&r->gate, &input, &verdict);
	return tu_gate_conclude(name, &r->gate, &input, &verdict);
}

/* Asking, showing and seeding are three things. */
static bool is_one_thing(const struct request *r)
{
	bool shows = r->format || r->fail_on;

	if (r->seed && shows)
		return tu_command_misused(name, "--seed and --%s are two questions",
			       r->format ? "format" : "fail-on"),
		       false;
	if ((r->seed || shows) && (r->class_word || r->by || r->again))
		return tu_command_misused(name,
			       "--class, --by and --again are for asking, not with --%s",
			       r->seed		   ? "seed"
				       : r->format ? "format"
						   : "fail-on"),
		       false;
	return true;
}

static int run_concept(int argc, char **argv)
{
	struct request r = {0};
	struct tu_concept_request open = {0};
	struct tu_concept_folder folder = {0};
	struct tu_error err = {0};
	enum tu_status status;
	int code = TU_EXIT_OK;

	if (!tu_options_take(&tu_cmd_concept, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(name, "expected one device folder");
	if (!is_one_thing(&r) || !tu_context_time(name, "at", r.at, &open.now) ||
		!tu_gate_take(name, TU_GATE_CONCEPT, "fail-on", r.fail_on, &r.gate))
		return TU_EXIT_USAGE;
	open.path = argv[1];
	open.pack = r.pack;
	status = tu_concept_folder_open(&open, &folder, &err);
	if (status == TU_OK)
		status = run(&r, &folder, &err);
	if (status == TU_OK)
		code = judge(&r, &folder);
	tu_concept_folder_done(&folder);
	return status ? tu_command_failed(name, &err) : code;
}

static const char *class_word(size_t index)
{
	return index < tu_words_class.count ? tu_words_class.at[index].name : NULL;
}

static const struct tu_option options[] = {
	{"class", 0, "CLASS", "State what kind of device it is: fewer questions are asked",
		TU_TEXT(struct request, class_word), .word = class_word},
	{"by", 0, "NAME", "Record who answers", TU_TEXT(struct request, by)},
	{"again", 0, NULL, "Ask again what was answered with \"unknown\"",
		TU_FLAG(struct request, again)},
	{"pack", 0, "PATH",
		"Ask the device properties of MITRE's EMB3D too, from your copy: its JSON file, or "
		"the folder that it is in",
		TU_TEXT(struct request, pack)},
	{"format", 'f', "FORMAT", "Ask nothing, show what is answered and what is open",
		TU_TEXT(struct request, format), .word = tu_concept_format_word},
	{"fail-on", 0, "EXPRESSION", "Ask nothing, exit with 1 when a rule is met, such as open",
		TU_TEXT(struct request, fail_on), .joined = true},
	{"seed", 0, NULL,
		"Add to model.yaml what the answers state and it does not have, and print what "
		"device.yaml may want",
		TU_FLAG(struct request, seed)},
	TU_OPTION_COLOUR(struct request, colour),
	TU_OPTION_AT(struct request, at),
};

const struct tu_command tu_cmd_concept = {
	.name = "concept",
	.summary = "Ask what a device is before there is a picture of it",
	.usage = {"DIR [--class CLASS] [--by NAME] [--again] [--pack PATH]",
		"DIR [--format FORMAT] [--fail-on EXPRESSION] [--pack PATH]", "DIR --seed"},
	TU_OPTIONS(options),
	.notes = "Asks on a terminal, one question at a time; each answer is in DIR/concept.yaml "
		 "before\n"
		 "the next question, so Ctrl-C loses nothing. The gate has the words open, "
		 "unknown,\n"
		 "contradicted, question and stakeholder; exit code 1 when it is met.\n",
	.unconfined = true,
	.run = run_concept,
};
