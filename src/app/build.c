#define _GNU_SOURCE /* sched_getaffinity */
#include "app/build.h"

#include <sched.h>
#include <stdio.h>

#include "base/alloc.h"

/* Building takes what is read, in one thread: more readers than this wait for it. */
enum { JOBS_USEFUL = 4 };

/* What the hooks of the builder work with. */
struct build {
	const struct tu_app_context *context;
	const struct tu_build_request *request;
	struct tu_build_answer *answer;
	const struct tu_kb_build_hooks *hooks; /* of who asks; NULL: none, or all was said */
};

static bool take_document(void *self, const struct tu_kb_build *kb)
{
	const struct build *b = self;
	const struct tu_kb_build_hooks *hooks = b->hooks;

	if (tu_app_is_cancelled(b->context))
		return false;
	return !hooks || !hooks->document || hooks->document(hooks->self, kb);
}

static void take_problem(
	void *self, struct tu_str document, struct tu_str where, struct tu_str what)
{
	const struct tu_kb_build_hooks *hooks = ((const struct build *)self)->hooks;

	if (hooks && hooks->problem)
		hooks->problem(hooks->self, document, where, what);
}

static void take_broken(void *self, struct tu_str document, const struct tu_error *problem)
{
	const struct tu_kb_build_hooks *hooks = ((const struct build *)self)->hooks;

	if (hooks && hooks->broken)
		hooks->broken(hooks->self, document, problem);
}

/* One for each core that this process may use. */
static size_t useful_jobs(void)
{
	cpu_set_t cores;

	if (sched_getaffinity(0, sizeof(cores), &cores) != 0)
		return 1;
	return CPU_COUNT(&cores) < JOBS_USEFUL ? (size_t)CPU_COUNT(&cores) : JOBS_USEFUL;
}

/* The curated names that every knowledge base gets come first. */
static enum tu_status read_inputs(struct build *b, struct tu_error *err)
{
	struct tu_kb_build *kb = &b->answer->kb;
	enum tu_status status =
		tu_kb__build_names(kb, TU_STR("built-in names"), b->context->product_names, err);

	kb->unpacked_max = b->request->unpacked_max;
	kb->threads = b->request->jobs ? b->request->jobs : useful_jobs();
	if (status == TU_OK)
		status = tu_kb__build_inputs(kb, b->request->inputs, b->request->input_count, err);
	if (status == TU_E_LIMIT) {
		struct tu_error limit = *err;

		(void)tu_fail(err, status, 0,
			"%s; nothing was written (--max-unpacked sets another limit on bytes)",
			limit.message);
	}
	return status;
}

/* A file of lines is read while it is unpacked. Where one turns out to be damaged only then, what
 * it gave before does not belong to the rest: all is read again, each file whole first. Who asks
 * has heard of everything already. */
static enum tu_status read_again(
	struct build *b, const struct tu_kb_build_hooks *hooks, struct tu_error *err)
{
	struct tu_kb_build *kb = &b->answer->kb;
	enum tu_status status;

	tu_kb__build_done(kb);
	b->hooks = NULL;
	status = tu_kb__build_init(kb, hooks, err);
	kb->whole = true;
	return status == TU_OK ? read_inputs(b, err) : status;
}

/* Nothing is written when a part of what was named could not be read: a knowledge base without one
 * of its feeds looks like a device without vulnerabilities. */
static enum tu_status check_whole(const struct build *b, struct tu_error *err)
{
	const struct tu_kb_build *kb = &b->answer->kb;

	if (kb->broken && !b->request->keep_going)
		return tu_fail(err, TU_E_SYNTAX, 0,
			"%zu documents could not be read to their end; nothing was written "
			"(--keep-going builds from the rest)",
			kb->broken);
	if (tu_kb__build_records(kb) == 0)
		return tu_fail(err, TU_E_SYNTAX, 0,
			"no record in %zu documents%s%.*s; nothing was written", kb->documents,
			kb->strange ? ", " : "", TU_STR_FMT(tu_buf_str(&kb->first_strange)));
	return TU_OK;
}

/* One that cannot be read has nothing to carry; that is reported, and stops nothing. */
static enum tu_status carry_exploited(struct build *b, struct tu_error *err)
{
	struct tu_build_answer *a = b->answer;
	struct tu_kb *old = NULL;
	enum tu_status status = tu_kb_open(b->request->output, &old, &a->not_carried);

	if (status == TU_OK)
		status = tu_kb_verify(old, &a->not_carried);
	if (status == TU_E_NOTFOUND)
		a->not_carried = (struct tu_error){.status = TU_OK};
	if (status == TU_OK)
		status = tu_kb__carry_exploited(a->kb.builder, old, &a->carried, err);
	else
		status = status == TU_E_NOMEM ? tu_no_memory(err) : TU_OK;
	tu_kb_close(old);
	return status;
}

void tu_build_losses(const struct tu_kb_carried *carried,
	void (*say)(void *self, const char *sentence), void *self)
{
	char text[TU_ERROR_MESSAGE_MAX];

	for (size_t i = 0; i < carried->count; i++) {
		const struct tu_kb_carried_catalogue *c = &carried->at[i];

		if (c->gone && c->before)
			(void)snprintf(text, sizeof(text),
				"the catalogue of exploited vulnerabilities of %s is no longer in "
				"the knowledge base, which had %zu assertions of it: what only it "
				"says is not known any more",
				c->name, c->before);
		else if (tu_kb__is_large_loss(c))
			(void)snprintf(text, sizeof(text),
				"the catalogue of exploited vulnerabilities of %s has taken back "
				"%zu of %zu assertions at once: check where it came from",
				c->name, c->withdrawn, c->before);
		else
			continue;
		say(self, text);
	}
}

static enum tu_status read_back(
	void *output, size_t at, void *bytes, size_t len, struct tu_error *err)
{
	return tu_output_read_back(output, at, bytes, len, err);
}

static enum tu_status rewrite(void *output, struct tu_str first, struct tu_error *err)
{
	return tu_output_rewrite(output, first, err);
}

/* A new file is written piece by piece; what is written in place, such as a pipe, gets the whole.
 */
static enum tu_status write_kb(struct build *b, struct tu_error *err)
{
	struct tu_build_answer *a = b->answer;
	struct tu_output *output = &a->output;
	const struct tu_kb_target target = {&output->sink, read_back, rewrite, output};
	enum tu_status status = tu_output_replace(output, b->request->output, err);

	if (status != TU_OK)
		return status;
	if (tu_output_is_rewritable(output))
		status = tu_kb__build_write(&a->kb, &target, &a->counts, err);
	else
		status = tu_kb__build_finish(&a->kb, &output->sink.buf, &a->counts, err);
	a->bytes = output->sink.written + output->sink.buf.len;
	return status == TU_OK ? tu_output_finish(output, err) : status;
}

enum tu_status tu_app_build(const struct tu_app_context *context,
	const struct tu_build_request *request, struct tu_build_answer *answer,
	struct tu_error *err)
{
	struct build b = {context, request, answer, request->hooks};
	const struct tu_kb_build_hooks hooks = {take_document, take_problem, take_broken, &b};
	enum tu_status status;

	*answer = (struct tu_build_answer){.output = {.fd = -1}};
	tu_alloc_return_large();
	status = tu_kb__build_init(&answer->kb, &hooks, err);
	if (status == TU_OK)
		status = read_inputs(&b, err);
	if (status == TU_OK && answer->kb.torn && request->keep_going)
		status = read_again(&b, &hooks, err);
	if (status == TU_OK)
		status = check_whole(&b, err);
	if (status == TU_OK)
		status = carry_exploited(&b, err);
	if (status == TU_OK)
		status = write_kb(&b, err);
	if (status == TU_OK && tu_app_is_cancelled(context))
		status = tu_fail(err, TU_E_CANCELLED, 0, "stopped");
	return status;
}

void tu_build_done(struct tu_build_answer *answer)
{
	tu_kb__build_done(&answer->kb);
	tu_output_abandon(&answer->output);
}
