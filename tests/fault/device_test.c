/*
 * The n-th allocation fails, for n from 1 until none does, while a device is read, checked,
 * assessed and its clocks are run: each time "no memory" is said, nothing crashes or leaks. libyaml
 * allocates by itself; what it says when it cannot is in src/base/yaml.c.
 */
#include <stdio.h>

#include "base/fault.h"
#include "support/device_scene.h"

enum { MOST = 10000 };

static struct scene scene;

static const char decided[] = SCENE_DECISION("CVE-2026-0001", "not_affected",
	"justification: component_not_present\naliases: [GHSA-1]\n"
	"premises: {version: '1.3', advisory: CVE-2026-0001, advisory_digest: '00'}\n"
	"events: [{event: customers-told, at: 2026-01-21T00:00:00Z, evidence: N, contents: "
	"[impact]}]\n");

/* What a job finds ready: SBOM and matches, which have tests of their own. */
static enum tu_status set_scene(void)
{
	enum tu_status status;

	scene_reset(&scene);
	status = scene_begin(&scene, scene_device, scene_sbom, SCENE_AT);
	scene.input.release = 1;
	return status ? status : scene_decide(&scene, "decisions/d.yaml", decided);
}

static enum tu_status job_device(void)
{
	const struct tu_device *device;

	return tu_device_read(scene.arena, TU_STR("device.yaml"), tu_str_c(scene_device), NULL,
		&device, &scene.err);
}

static enum tu_status job_decision(void)
{
	return scene_decide(&scene, "decisions/e.yaml", decided);
}

static enum tu_status job_lint(void)
{
	struct tu_lints lints;
	const struct tu_lint_input input = {.device = scene.device,
		.at = SCENE_AT,
		.decisions = scene.decisions,
		.decision_count = 1};

	return tu_device_lint(scene.arena, &input, &lints, &scene.err);
}

static enum tu_status job_assess(void)
{
	return scene_assess(&scene);
}

static enum tu_status job_clocks(void)
{
	const struct tu_deadline_case *cases;
	const struct tu_unwatched *unwatched;
	struct tu_deadlines clocks;
	size_t count;
	enum tu_status status =
		tu_deadline_cases(scene.arena, scene.decisions, 1, &cases, &count, &scene.err);

	if (status == TU_OK)
		status = tu_deadlines_run(
			scene.arena, scene.device, &cases[0], SCENE_AT, &clocks, &scene.err);
	return status
		? status
		: tu_deadline_unwatched(scene.arena, scene.device, &unwatched, &count, &scene.err);
}

static enum tu_status job_write(void)
{
	struct tu_buf out;
	enum tu_status status = TU_OK;

	tu_buf_init(&out, 1 << 16);
	tu_decision_write(scene.decisions[0], &out);
	if (out.failed)
		status = TU_E_NOMEM;
	tu_buf_done(&out);
	return status;
}

static const struct {
	const char *name;
	enum tu_status (*run)(void);
} jobs[] = {
	{"device", job_device},
	{"decision", job_decision},
	{"lints", job_lint},
	{"assessment", job_assess},
	{"clocks", job_clocks},
	{"a decision's text", job_write},
};

static const char *fail_each(enum tu_status (*run)(void))
{
	for (size_t nth = 1; nth < MOST; nth++) {
		enum tu_status status;
		bool hit;

		if (set_scene())
			return "the scene cannot be set";
		tu_fault_set(nth);
		status = run();
		hit = tu_fault_count() >= nth;
		tu_fault_set(0);
		if (status != TU_OK && status != TU_E_NOMEM)
			return scene.err.message;
		if (hit && status == TU_OK)
			return "an allocation failed and nobody noticed";
		if (!hit)
			return status == TU_OK ? NULL : "no memory, but nothing failed";
	}
	return "there is no end of allocations";
}

int main(void)
{
	unsigned failed = 0;

	if (scene_kb(&scene, scene_feeds))
		return 1;
	for (size_t i = 0; i < TU_COUNT(jobs); i++) {
		const char *broken = fail_each(jobs[i].run);

		failed += broken != NULL;
		printf("%s %zu - %s\n", broken ? "not ok" : "ok", i + 1, jobs[i].name);
		if (broken)
			printf("# %s\n", broken);
	}
	printf("1..%zu\n", TU_COUNT(jobs));
	scene_end(&scene);
	return failed > 0;
}
