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
static void say_word(struct tu_str text)
{
	struct tu_buf line;
	const struct tu_paint paint = {&line, false};

	tu_buf_init(&line, 128 * 1024);
	tu_paint(&paint, TU_HUE_PLAIN, text);
	fprintf(stderr, "%.*s", TU_STR_FMT(tu_buf_str(&line)));
	tu_buf_done(&line);
}

static void say(const char *before, struct tu_str text)
{
	fputs(before, stderr);
	say_word(text);
	fputc('\n', stderr);
}

static void refuse(const char *line, const char *expected)
{
	fputs("  \"", stderr);
	say_word(tu_str_first(tu_str_trim(tu_str_c(line)), 40));
	fprintf(stderr, "\" is no answer here: %s\n", expected);
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
		if (is_class(tu_str_c(line), &class))
			break;
		refuse(line, "one of these words, or Enter alone");
	} while (true);
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

static bool is_back(const char *line)
{
	struct tu_str word = tu_str_trim(tu_str_c(line));

	return tu_str_ieq(word, TU_STR("b")) || tu_str_ieq(word, TU_STR("back"));
}

enum outcome { ANSWERED, LATER, BACK, ENDED };

/* An empty line leaves the question as it is. */
static enum outcome ask(char line[LINE_BYTES], bool can_go_back, struct tu_concept_answer *answer)
{
	for (;;) {
		fputs("  y(es), n(o), u(nknown), and a note; b(ack); empty: later? ", stderr);
		if (!read_line(line, LINE_BYTES))
			return ENDED;
		if (!tu_str_trim(tu_str_c(line)).len)
			return LATER;
		if (is_back(line) && can_go_back)
			return BACK;
		if (is_back(line))
			fputs("  There is no question before this one in this run.\n", stderr);
		else if (parse(line, answer))
			return ANSWERED;
		else
			refuse(line,
				"y, n or u (unknown) and, after a space, a note; b: the question "
				"before; Enter alone: leave it for later");
	}
}

/* The question with its number, and the answer that it has by now. */
static void put(const struct tu_concept_asking *a, size_t index)
{
	const struct tu_concept_catalogue *catalogue = &a->folder->phase.catalogue;
	const struct tu_concept_question *question = &catalogue->questions[index];
	const struct tu_concept_answer *now = a->folder->phase.state.standings[index].answer;

	fprintf(stderr, "\n%zu of %zu: ", index + 1, catalogue->question_count);
	say("", question->text);
	say("  ", question->why);
	if (!now)
		return;
	fprintf(stderr, "  Now: %s ", tu_words_name(&tu_words_reply, (int)now->reply));
	say("", now->note);
}

static bool is_open(const struct tu_concept_asking *a, size_t index)
{
	const struct tu_concept_standing *standing = &a->folder->phase.state.standings[index];

	return standing->asked &&
		(standing->reply == TU_REPLY_NONE ||
			(a->again && standing->reply == TU_REPLY_UNKNOWN));
}

/* One pass over the questions. */
struct round {
	const struct tu_concept_asking *a;
	const char *by;
	bool *were_put; /* by question: it can be gone back to */
	size_t next;
	bool forced; /* the next one is put although it is answered */
	bool ended;
};

static size_t before(const struct round *r, size_t index)
{
	for (size_t i = index; i > 0; i--)
		if (r->were_put[i - 1] && r->a->folder->phase.state.standings[i - 1].asked)
			return i - 1;
	return index;
}

static enum tu_status ask_one(struct round *r, struct tu_error *err)
{
	size_t index = r->next;
	struct tu_concept_answer answer = {.id = r->a->folder->phase.catalogue.questions[index].id,
		.by = tu_str_c(r->by),
		.at = r->a->folder->now};
	char line[LINE_BYTES];
	enum outcome outcome;

	put(r->a, index);
	outcome = ask(line, before(r, index) != index, &answer);
	r->were_put[index] = true;
	r->forced = outcome == BACK;
	r->ended = outcome == ENDED;
	r->next = outcome == BACK ? before(r, index) : index + 1;
	return outcome == ANSWERED ? tu_concept_folder_answer(r->a->folder, &answer, err) : TU_OK;
}

static enum tu_status ask_all(
	const struct tu_concept_asking *a, const char *by, bool *ended, struct tu_error *err)
{
	size_t count = a->folder->phase.catalogue.question_count;
	struct round r = {.a = a,
		.by = by,
		.were_put = tu_arena_array(a->folder->arena, count, sizeof(bool))};
	enum tu_status status = r.were_put ? TU_OK : tu_no_memory(err);

	while (r.next < count && !status && !r.ended)
		if (r.forced || is_open(a, r.next))
			status = ask_one(&r, err);
		else
			r.next++;
	*ended = r.ended;
	return status;
}

/* How an answer is corrected when the questions are gone. */
static void say_end(const struct tu_concept_folder *folder)
{
	fprintf(stderr,
		"\nThe answers are in %s. To correct one, add a later answer to the same question "
		"there\n(the earlier one stays). What is open is asked the next time; with --again "
		"also what is unknown.\n\n",
		folder->file);
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

	if (a->folder->phase.record.device_class == TU_CLASS_UNSTATED)
		status = ask_class(a->folder, &ended, err);
	if (status == TU_OK && !ended && !by) {
		ended = !ask_name(name, sizeof(name));
		by = name;
	}
	if (status == TU_OK && !ended)
		status = ask_all(a, by, &ended, err);
	if (ended)
		fputc('\n', stderr);
	if (status == TU_OK && a->folder->exists)
		say_end(a->folder);
	return status;
}
