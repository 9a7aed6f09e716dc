/*
 * The n-th allocation fails, for n from 1 until none does, while a device is read, checked,
 * assessed and its clocks are run: each time "no memory" is said, nothing crashes or leaks. libyaml
 * allocates by itself; what it says when it cannot is in src/base/yaml.c.
 */
#include <stdio.h>

#include <tutela/issue.h>

#include "assess/publish.h"
#include "base/fault.h"
#include "support/device_scene.h"

enum { MOST = 10000 };

static struct scene scene;

static const char decided[] = SCENE_DECISION("CVE-2026-0001", "not_affected",
	"justification: component_not_present\naliases: [GHSA-1]\n"
	"premises: {version: '1.3', advisory: CVE-2026-0001, advisory_digest: '00'}\n"
	"events: [{event: customers-told, at: 2026-01-21T00:00:00Z, evidence: N, contents: "
	"[impact]}]\n");

static const char affected[] = SCENE_DECISION("CVE-2026-0002", "affected",
	"risk: uncontrolled\nharm: serious\ncontrols: [wall]\n"
	"action: {remedy: vendor_fix, text: Install it., fix_release: '1.2', due: 2026-05-01, url: "
	"'https://p.example'}\n"
	"premises: {component: pumpd, version: '1.3', advisory: CVE-2026-0002, source: NVD, kev: "
	"false, score: 1.8}\n"
	"exploitability: likely\nprivacy: none\nrole: lead\n");
static const char fixed[] =
	SCENE_DECISION("GHSA-2", "fixed", "aliases: [CVE-2026-0003]\nrationale: Rebuilt.\n");

/* What a job finds ready: SBOM and matches, which have tests of their own. */
static enum tu_status set_scene(void)
{
	enum tu_status status;

	scene_reset(&scene);
	status = scene_begin(&scene, scene_device, scene_sbom, SCENE_AT);
	scene.input.release = 1;
	if (status == TU_OK)
		status = scene_decide(&scene, "decisions/d.yaml", decided);
	if (status == TU_OK)
		status = scene_decide(&scene, "decisions/a.yaml", affected);
	return status ? status : scene_decide(&scene, "decisions/f.yaml", fixed);
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

/* ---- statements of one's own ---- */

static enum tu_status give_sbom(
	void *self, size_t release, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	(void)self, (void)release, (void)err;
	*out_inventory = scene.inventory;
	return TU_OK;
}

static void note_release(void *self, size_t release, bool stated)
{
	(void)self, (void)release, (void)stated;
}

static enum tu_status write_formats(const struct tu_issue *issue)
{
	enum tu_status status = TU_OK;
	struct tu_sink out;

	tu_sink_init_memory(&out, 1 << 20);
	for (unsigned i = 0; i < TU_ISSUE_FORMATS && status == TU_OK; i++)
		status = tu_issue_write(issue, (enum tu_issue_format)i, &out, &scene.err);
	tu_sink_done(&out);
	return status;
}

static enum tu_status job_publish(void)
{
	const struct tu_publish_input input = {.arena = scene.arena,
		.device = scene.device,
		.decisions = scene.decisions,
		.decision_count = scene.input.decision_count,
		.assessed = scene.result,
		.kb = scene.kb,
		.at = SCENE_AT,
		.read_sbom = give_sbom,
		.tell_release = note_release};
	struct tu_issue issue = {.id = TU_STR("id"),
		.title = TU_STR("t"),
		.generator = TU_STR("tutela 0"),
		.at = SCENE_AT};
	size_t expired;
	enum tu_status status = tu_assess__publish(&input, &issue, &expired, &scene.err);

	if (status == TU_OK && issue.entry_count < 3)
		return tu_fail(&scene.err, TU_E_USAGE, 0, "%zu statements", issue.entry_count);
	/* the device of the scene does not state its maker */
	issue.publisher = TU_STR("P");
	issue.namespace_ = TU_STR("https://p.example");
	return status ? status : write_formats(&issue);
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
	{"statements", job_publish},
};

static const char *fail_each(enum tu_status (*run)(void))
{
	for (size_t nth = 1; nth < MOST; nth++) {
		enum tu_status status;
		bool hit;

		if (set_scene())
			return scene.err.message[0] ? scene.err.message : "the scene cannot be set";
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
