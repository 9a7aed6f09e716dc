/* The order in which findings stand, wherever they are listed. */
#include <tutela/assess.h>

enum { CLOSED = 100, CONTROLLED = 10 };

/* Open and uncontrolled first; of these, what nothing decides now. */
static int rank(const struct tu_assessment *a)
{
	if (tu_assess_is_closed(a))
		return CLOSED;
	return (a->risk == TU_RISK_UNCONTROLLED ? 0 : CONTROLLED) + tu_assess_is_assessed(a);
}

/* The responses of SSVC's deployer table, by urgency. */
static int urgency(const char *response)
{
	static const char *const words[] = {"immediate", "out-of-cycle", "scheduled", "defer"};
	int i = 0;

	while (i < (int)TU_COUNT(words) &&
		!(response && tu_str_eq(tu_str_c(response), tu_str_c(words[i]))))
		i++;
	return i;
}

static int tenths(const struct tu_assessment *a)
{
	return a->of->tenths == TU_SCORE_UNSTATED ? -1 : a->of->tenths;
}

static int sign_of(float x)
{
	return (x > 0) - (x < 0);
}

/* Within a cell of the matrix. */
static int compare_in_cell(const struct tu_assessment *a, const struct tu_assessment *b)
{
	int order = b->of->facts.has_kev - a->of->facts.has_kev;

	if (!order)
		order = urgency(a->proposal.response) - urgency(b->proposal.response);
	if (!order)
		order = tenths(b) - tenths(a);
	if (!order)
		order = sign_of(b->of->facts.epss_score - a->of->facts.epss_score);
	if (!order)
		order = (b->state == TU_ASSESS_REOPENED) - (a->state == TU_ASSESS_REOPENED);
	return order;
}

int tu_assess_compare(const struct tu_assessment *a, const struct tu_assessment *b)
{
	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (a->band != b->band) /* one that the policy does not have counts as the highest */
		return a->band > b->band ? -1 : 1;
	if (a->harm != b->harm)
		return a->harm > b->harm ? -1 : 1;
	return compare_in_cell(a, b);
}

size_t tu_assess_count_waiting(const struct tu_assess_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->count; i++)
		count += rank(&result->assessments[i]) == 0;
	return count;
}

size_t tu_assess_count_excluded(const struct tu_assess_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->count; i++)
		count += result->assessments[i].of->distinct->excluded;
	return count;
}
