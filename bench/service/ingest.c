/*
 * SBOMs into releases of a device, one after the other, as an upload does: read, match what is new,
 * write, commit. Prints "<microseconds> <components> <new components> <findings>" for each.
 *
 * usage: bench-ingest PLACE KB SBOM...
 *
 * The knowledge base becomes the current one of an empty portfolio, else it must be the current
 * one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tutela/kb.h>

#include "base/input.h"
#include "portfolio/ingest.h"
#include "portfolio/knowledge.h"
#include "store/migrate.h"

struct run {
	struct tu_kb *kb;
	struct tu_buf device; /* device.yaml */
	struct tu_arena *arena; /* of one SBOM */
	struct tu_str text;
	int number; /* of the release */
	struct tu_settled settled;
};

static int64_t now(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum tu_status name_knowledge(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct run *run = self;
	struct tu_knowledge_row before, row;
	enum tu_status status = tu_knowledge_current(w, &before, err);

	if (status || before.id)
		return status;
	status = tu_knowledge_put(w, run->kb, &row, err);
	return status ? status : tu_knowledge_name(w, &before, &row, err);
}

static enum tu_status put_device(struct tu_work *w, void *self, struct tu_error *err)
{
	struct run *run = self;
	const struct tu_device_put put = {
		.text = tu_buf_str(&run->device), .file = TU_STR("device.yaml")};
	struct tu_device_row row;

	return tu_device_put(w, &put, &row, NULL, err);
}

static void describe(struct tu_buf *out, int releases, int64_t at)
{
	tu_buf_printf(out,
		"schema: tutela-device/1\nfamily: bench-%lld\nhazards:\n"
		"  - {id: h, title: A hazard, severity: serious}\nassets:\n"
		"  - {id: a, title: An asset, hazards: [{hazard: h, on_loss_of: [integrity]}]}\n"
		"components:\n  - {match: \"*\", assets: [a]}\nreleases:\n",
		(long long)at);
	for (int i = 0; i < releases; i++)
		tu_buf_printf(out, "  - {version: \"%d.0\", sbom: \"%d.json\"}\n", i, i);
}

static enum tu_status ingest(struct tu_work *w, void *self, struct tu_error *err)
{
	struct run *run = self;
	struct tu_device_row device;
	struct tu_release_row release;
	struct tu_settling settling;
	struct tu_prepared prepared;
	const struct tu_inventory *inventory;
	struct tu_ingest job = {&settling, &release, run->text, &prepared, {0}};
	struct tu_str family = tu_str_from(
		tu_buf_str(&run->device), sizeof("schema: tutela-device/1\nfamily: ") - 1);
	char version[16];
	enum tu_status status;

	(void)snprintf(version, sizeof(version), "%d.0", run->number);
	status = tu_device_find(w, tu_str_first(family, tu_str_find(family, '\n')), &device, err);
	if (!status)
		status = tu_settling_begin(w, &device, run->kb, &settling, err);
	if (!status)
		status = tu_release_find(w, &device, tu_str_c(version), &release, err);
	if (!status)
		status = tu_sbom_read(run->arena, run->text, false, NULL, &inventory, err);
	if (!status)
		status = tu_prepare(run->arena, run->kb, inventory, &prepared, err);
	if (!status)
		status = tu_release_ingest(w, &job, err);
	run->settled = job.settled;
	return status;
}

static enum tu_status ingest_file(struct tu_store *store, const struct tu_act *act, struct run *run,
	const char *path, struct tu_error *err)
{
	struct tu_buf text;
	int64_t before;
	enum tu_status status;

	tu_buf_init(&text, (size_t)1 << 30);
	status = tu_input_read(path, &text, err);
	run->text = tu_buf_str(&text);
	before = now(CLOCK_MONOTONIC);
	if (!status)
		status = tu_work_run(store, act, ingest, run, err);
	if (!status)
		printf("%lld %zu %zu %zu\n", (long long)(now(CLOCK_MONOTONIC) - before),
			run->settled.components, run->settled.new_components,
			run->settled.findings);
	tu_arena_reset(run->arena);
	tu_buf_done(&text);
	return status;
}

static enum tu_status ingest_all(
	struct tu_store *store, struct run *run, char **paths, int count, struct tu_error *err)
{
	const struct tu_act act = {.at = now(CLOCK_REALTIME), .actor = TU_STR("bench")};
	enum tu_status status = tu_work_run(store, &act, name_knowledge, run, err);

	describe(&run->device, count, act.at);
	if (!status)
		status = tu_work_run(store, &act, put_device, run, err);
	for (run->number = 0; !status && run->number < count; run->number++)
		status = ingest_file(store, &act, run, paths[run->number], err);
	return status;
}

int main(int argc, char **argv)
{
	struct tu_store_options options = {.place = argv[1]};
	struct tu_migration_state state;
	struct tu_store *store = NULL;
	struct run run = {.arena = tu_arena_new((size_t)4 << 30)};
	struct tu_error err;
	enum tu_status status;

	if (argc < 4 || !run.arena)
		return 2;
	tu_buf_init(&run.device, 1 << 20);
	status = tu_kb_open(argv[2], &run.kb, &err);
	if (!status)
		status = tu_store_migrate(&options, 1, &state, &err);
	if (!status)
		status = tu_store_open(&options, &store, &err);
	if (!status)
		status = ingest_all(store, &run, argv + 3, argc - 3, &err);
	if (status)
		fprintf(stderr, "%s\n", err.message);
	tu_store_close(store);
	tu_kb_close(run.kb);
	tu_arena_free(run.arena);
	tu_buf_done(&run.device);
	return status != TU_OK;
}
