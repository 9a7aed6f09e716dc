/*
 * The n-th allocation fails, for n from 1 until none does, while a page is written: "no memory" is
 * said each time, and a page that was not said to have failed is whole.
 */
#include <stdio.h>

#include "base/fault.h"
#include "report/page.h"
#include "support/device_scene.h"

enum { MOST = 10000 };

static const char decided[] = SCENE_DECISION("CVE-2026-0001", "affected",
	"risk: uncontrolled\nexploitability: high\nharm: critical\n"
	"events: [{event: fix-distributed, at: 2026-02-01T00:00:00Z, evidence: N}]\n");

static struct scene scene;

static enum tu_status gather(struct tu_page_input *in)
{
	const struct tu_assessment **sorted;
	struct tu_deadlines *clocks;
	enum tu_status status = tu_deadline_cases(
		scene.arena, scene.decisions, 1, &in->cases, &in->case_count, &scene.err);

	sorted = tu_arena_array(scene.arena, scene.result->count, sizeof(*sorted));
	clocks = tu_arena_array(scene.arena, 1, sizeof(*clocks));
	if (status || !sorted || !clocks)
		return TU_E_NOMEM;
	for (size_t i = 0; i < scene.result->count; i++)
		sorted[i] = &scene.result->assessments[i];
	in->sorted = sorted;
	in->clocks = clocks;
	status = tu_deadlines_run(
		scene.arena, scene.device, &in->cases[0], SCENE_AT, clocks, &scene.err);
	return status ? status
		      : tu_deadline_rules(
				scene.arena, scene.device, &in->rules, &in->rule_count, &scene.err);
}

static enum tu_status set_scene(struct tu_page_input *in)
{
	enum tu_status status;

	scene_reset(&scene);
	status = scene_begin(&scene, scene_device, scene_sbom, SCENE_AT);
	if (status == TU_OK)
		status = scene_decide(&scene, "decisions/d.yaml", decided);
	if (status == TU_OK)
		status = scene_assess(&scene);
	if (status != TU_OK)
		return status;
	*in = (struct tu_page_input){
		.tool = TU_STR("test"),
		.at = SCENE_AT,
		.arena = scene.arena,
		.device = scene.device,
		.release = &scene.device->releases[scene.input.release],
		.inventory = scene.inventory,
		.match = scene.match,
		.kb = scene.kb,
		.result = scene.result,
		.decisions = scene.decisions,
		.decision_count = 1,
	};
	return gather(in);
}

/* What is wrong, or NULL; `*out_hit`: whether an allocation failed. */
static const char *write_once(size_t nth, size_t wanted, size_t *out_len, bool *out_hit)
{
	struct tu_page_input in;
	struct tu_sink sink;
	enum tu_status status;

	if (set_scene(&in) != TU_OK)
		return "the scene cannot be set";
	tu_sink_init_memory(&sink, 4 << 20);
	tu_fault_set(nth);
	status = tu_page_write(&in, &sink, &scene.err);
	*out_hit = nth && tu_fault_count() >= nth;
	tu_fault_set(0);
	*out_len = sink.buf.len;
	tu_sink_done(&sink);
	if (*out_hit)
		return status == TU_E_NOMEM ? NULL : "an allocation failed and nobody noticed";
	if (status != TU_OK)
		return scene.err.message;
	return !wanted || *out_len == wanted ? NULL : "the page is not whole";
}

int main(void)
{
	size_t whole = 0, len, nth = 0;
	bool hit = true;
	const char *broken;

	if (scene_kb(&scene, scene_feeds))
		return 1;
	broken = write_once(0, 0, &whole, &hit);
	for (hit = true; !broken && hit && ++nth < MOST;)
		broken = write_once(nth, whole, &len, &hit);
	if (!broken && (hit || nth < 10))
		broken = "the allocations were not all tried";
	printf("%s 1 - a page of %zu bytes, %zu allocations\n", broken ? "not ok" : "ok", whole,
		nth);
	if (broken)
		printf("# %s\n", broken);
	printf("1..1\n");
	scene_end(&scene);
	return broken != NULL;
}
