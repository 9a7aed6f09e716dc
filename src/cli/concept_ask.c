#include "cli/concept_ask.h"

#include <stdio.h>
#include <string.h>

#include "show/paint.h"

enum { LINE_BYTES = 2000 };

/* A line of standard input without its end; false at the end of the input. The rest of a line that
 * is too long is dropped. */
static bool read_line(char *line, size_t size)
{
	if (!fgets(line, (int)size, stdin))
		return false;
	if (!strchr(line, '\n'))
		for (int c = getchar(); c != EOF && c != '\n'; c = getchar())
			continue;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* A pack's texts are strangers'. */
static void say(const char *before, struct tu_str text)
{
	struct tu_buf line;
	const struct tu_paint paint = {&line, false};

	tu_buf_init(&line, 128 * 1024);
	tu_paint(&paint, TU_HUE_PLAIN, text);
	fprintf(stderr, "%s%.*s\n", before, TU_STR_FMT(tu_buf_str(&line)));
	tu_buf_done(&line);
}

/* ---- the class ---- */

static bool is_class(struct tu_str word, int *out_class)
{
	return tu_words_find(&tu_words_class, tu_str_trim(word), out_class);
}

/* The class decides which questions are asked; an empty line leaves it open. */
static enum tu_status ask_class(struct tu_concept_folder *folder, bool *ended, struct tu_error *err)
{
	char line[LINE_BYTES];
	int class = 0;

	do {
		fputs("What is it: implant, wearable, bedside, imaging, cloud-only, software-only "
		      "(empty: ask everything)? ",
			stderr);
		*ended = !read_line(line, sizeof(line));
		if (*ended || !tu_str_trim(tu_str_c(line)).len)
			return TU_OK;
	} while (!is_class(tu_str_c(line), &class));
	return tu_concept_folder_set_class(folder, (enum tu_device_class) class, err);
}

/* ---- questions ---- */

/* "y", "no", "u", each with a note after it. False: it is none of them. */
static bool parse(char *line, struct tu_concept_answer *answer)
{
	struct tu_str rest = tu_str_trim(tu_str_c(line)), word;

	(void)tu_str_split(&rest, ' ', &word);
	answer->note = tu_str_trim(rest);
	for (int r = TU_REPLY_YES; r < TU_REPLY_COUNT_; r++) {
		struct tu_str name = tu_str_c(tu_words_name(&tu_words_reply, r));

		if (!tu_str_ieq(word, name) && !tu_str_ieq(word, tu_str_first(name, 1)))
			continue;
		answer->reply = (enum tu_reply)r;
		return true;
	}
	return false;
}

/* True: `answer` is one. An empty line leaves the question open. */
static bool ask(const struct tu_concept_question *question, char line[LINE_BYTES],
	struct tu_concept_answer *answer, bool *ended)
{
	say("\n", question->text);
	say("  ", question->why);
	for (;;) {
		fputs("  y(es), n(o), u(nknown), and a note; empty: later? ", stderr);
		*ended = !read_line(line, LINE_BYTES);
		if (*ended || !tu_str_trim(tu_str_c(line)).len)
			return false;
		if (parse(line, answer))
			return true;
	}
}

static bool is_open(const struct tu_concept_asking *a, size_t index)
{
	const struct tu_concept_standing *standing = &a->folder->state.standings[index];

	return standing->asked &&
		(standing->reply == TU_REPLY_NONE ||
			(a->again && standing->reply == TU_REPLY_UNKNOWN));
}

static enum tu_status ask_one(const struct tu_concept_asking *a, size_t index, const char *by,
	bool *ended, struct tu_error *err)
{
	const struct tu_concept_question *question = &a->folder->catalogue.questions[index];
	struct tu_concept_answer answer = {
		.id = question->id, .by = tu_str_c(by), .at = a->folder->now};
	char line[LINE_BYTES];

	if (!ask(question, line, &answer, ended))
		return TU_OK;
	return tu_concept_folder_answer(a->folder, &answer, err);
}

static bool ask_name(char *name, size_t size)
{
	do {
		fputs("Answered by? ", stderr);
		if (!read_line(name, size))
			return false;
	} while (!tu_str_trim(tu_str_c(name)).len);
	return true;
}

enum tu_status tu_concept_ask(const struct tu_concept_asking *a, struct tu_error *err)
{
	char name[LINE_BYTES];
	const char *by = a->by;
	bool ended = false;
	enum tu_status status = TU_OK;

	if (a->folder->record.device_class == TU_CLASS_UNSTATED)
		status = ask_class(a->folder, &ended, err);
	if (status == TU_OK && !ended && !by) {
		ended = !ask_name(name, sizeof(name));
		by = name;
	}
	for (size_t i = 0; i < a->folder->catalogue.question_count && !status && !ended; i++)
		if (is_open(a, i))
			status = ask_one(a, i, by, &ended, err);
	if (ended)
		fputc('\n', stderr);
	return status;
}
