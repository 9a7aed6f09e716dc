/* endoflife.date's API v1 (https://endoflife.date/docs/api/v1/): products and the dates on which
 * support of their releases ends. */
#include "advisory/reader.h"

/* A date, or nothing where it is absent, null or not one. */
static struct tu_str date_of(struct tu_advisory_reader *r, struct tu_json value)
{
	return tu_advisory__time(r, value) ? tu_json_str(value) : (struct tu_str){"", 0};
}

/* The product's CPE name without its versions, of those that it has. */
static struct tu_str cpe_of(struct tu_json product)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(product, TU_STR("identifiers")));
	struct tu_json item;

	while (tu_json_next_item(&iter, &item)) {
		struct tu_str id = TU_JSON_STR(item, "id");

		if (tu_str_eq(TU_JSON_STR(item, "type"), TU_STR("cpe")) &&
			tu_str_starts(id, TU_STR("cpe:2.3:")) && id.len <= TU_CPE_MAX)
			return id;
	}
	return (struct tu_str){"", 0};
}

static enum tu_status read_release(struct tu_advisory_reader *r, struct tu_json release,
	struct tu_str product, struct tu_str cpe)
{
	struct tu_support_cycle cycle = {.product = product, .cpe = cpe};

	cycle.cycle = tu_advisory__text(r, tu_json_get(release, TU_STR("name")), ADV_ID_MAX);
	cycle.released = date_of(r, tu_json_get(release, TU_STR("releaseDate")));
	cycle.support = date_of(r, tu_json_get(release, TU_STR("eoasFrom")));
	cycle.eol = date_of(r, tu_json_get(release, TU_STR("eolFrom")));
	cycle.extended = date_of(r, tu_json_get(release, TU_STR("eoesFrom")));
	cycle.ended = tu_json_true(tu_json_get(release, TU_STR("isEol")));
	if (cycle.cycle.len == 0) {
		tu_advisory__problem(r, release, "a release without name");
		return TU_OK;
	}
	return r->sink->lifecycle ? r->sink->lifecycle(r->sink->context, &cycle, r->err) : TU_OK;
}

static enum tu_status read_product(
	struct tu_advisory_reader *r, struct tu_json record, struct tu_json product)
{
	struct tu_str name = TU_JSON_STR(product, "name");
	struct tu_json list = tu_json_get(product, TU_STR("releases"));
	struct tu_json_iter iter = tu_json_iter(list);
	enum tu_status status = TU_OK;
	struct tu_json release;

	tu_advisory__begin_record(r, record, name, 0);
	if (!tu_advisory__is_id(name) || !tu_json_is_array(list)) {
		r->id = (struct tu_str){"", 0};
		tu_advisory__skip(r, product, "not a product with releases");
		return TU_OK;
	}
	while (!status && tu_json_next_item(&iter, &release))
		status = read_release(r, release, name, cpe_of(product));
	r->summary->records += status == TU_OK;
	return status;
}

enum tu_status tu_advisory__endoflife(
	struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json result = tu_json_get(record, TU_STR("result"));
	struct tu_json_iter iter = tu_json_iter(result);
	enum tu_status status = TU_OK;
	struct tu_json product;

	(void)line;
	if (!tu_json_is_array(result))
		return read_product(r, record, result);
	while (!status && tu_json_next_item(&iter, &product))
		status = read_product(r, record, product);
	return status;
}
