/*
 * SSVC decision points and tables.
 *
 * Facts of CERT/CC's SSVC (github.com/CERTCC/SSVC, data/, MIT-style licence of the SEI), at the
 * versions that stand beside each. A row's digits are the places of the outcome's values, one digit
 * for each value of the last point; the rows go through the values of the other points in order,
 * the first point slowest. tests/conformance/ssvc.py contains each against CERT/CC's data.
 */
#include "score/ssvc_tables.h"

/* ---- decision points: key, name, version, values from the least to the most pressing ---- */

static const struct tu_ssvc_point point_exploitation = {
	"E", "exploitation", "1.1.0", {{"N", "none"}, {"P", "public poc"}, {"A", "active"}}, 3};

static const struct tu_ssvc_point point_automatable = {
	"A", "automatable", "2.0.0", {{"N", "no"}, {"Y", "yes"}}, 2};

static const struct tu_ssvc_point point_technical_impact = {
	"TI", "technical impact", "1.0.0", {{"P", "partial"}, {"T", "total"}}, 2};

static const struct tu_ssvc_point point_mission_and_well_being_impact = {"MWI",
	"mission and well-being impact", "1.0.0", {{"L", "low"}, {"M", "medium"}, {"H", "high"}},
	3};

static const struct tu_ssvc_point point_cisa_levels = {"CISA", "cisa levels", "1.1.0",
	{{"T", "track"}, {"T*", "track*"}, {"AT", "attend"}, {"AC", "act"}}, 4};

static const struct tu_ssvc_point point_utility = {"U", "utility", "1.0.1",
	{{"L", "laborious"}, {"E", "efficient"}, {"S", "super effective"}}, 3};

static const struct tu_ssvc_point point_public_safety_impact = {
	"PSI", "public safety impact", "2.0.1", {{"M", "minimal"}, {"S", "significant"}}, 2};

static const struct tu_ssvc_point point_defer_scheduled_out_of_cycle_immediate = {"DSOI",
	"defer, scheduled, out-of-cycle, immediate", "1.0.0",
	{{"D", "defer"}, {"S", "scheduled"}, {"O", "out-of-cycle"}, {"I", "immediate"}}, 4};

static const struct tu_ssvc_point point_system_exposure = {
	"EXP", "system exposure", "1.0.1", {{"S", "small"}, {"C", "controlled"}, {"O", "open"}}, 3};

static const struct tu_ssvc_point point_human_impact = {"HI", "human impact", "2.0.2",
	{{"L", "low"}, {"M", "medium"}, {"H", "high"}, {"VH", "very high"}}, 4};

static const struct tu_ssvc_point point_report_public = {
	"RP", "report public", "1.0.0", {{"Y", "yes"}, {"N", "no"}}, 2};

static const struct tu_ssvc_point point_supplier_contacted = {
	"SCON", "supplier contacted", "1.0.0", {{"N", "no"}, {"Y", "yes"}}, 2};

static const struct tu_ssvc_point point_report_credibility = {
	"RC", "report credibility", "1.0.0", {{"NC", "not credible"}, {"C", "credible"}}, 2};

static const struct tu_ssvc_point point_supplier_cardinality = {
	"SC", "supplier cardinality", "1.0.0", {{"O", "one"}, {"M", "multiple"}}, 2};

static const struct tu_ssvc_point point_supplier_engagement = {
	"SE", "supplier engagement", "1.0.0", {{"A", "active"}, {"U", "unresponsive"}}, 2};

static const struct tu_ssvc_point point_decline_track_coordinate = {"COORDINATE",
	"decline, track, coordinate", "1.0.1",
	{{"D", "decline"}, {"T", "track"}, {"C", "coordinate"}}, 3};

static const struct tu_ssvc_point point_supplier_involvement = {"SINV", "supplier involvement",
	"1.0.0", {{"FR", "fix ready"}, {"C", "cooperative"}, {"UU", "uncooperative/unresponsive"}},
	3};

static const struct tu_ssvc_point point_public_value_added = {"PVA", "public value added", "1.0.0",
	{{"L", "limited"}, {"A", "ampliative"}, {"P", "precedence"}}, 3};

static const struct tu_ssvc_point point_publish_do_not_publish = {"PUBLISH",
	"publish, do not publish", "1.0.0", {{"N", "do not publish"}, {"P", "publish"}}, 2};

static const struct tu_ssvc_point point_in_kev = {
	"KEV", "in kev", "1.0.0", {{"N", "no"}, {"Y", "yes"}}, 2};

static const struct tu_ssvc_point point_publicly_exposed = {
	"PE", "publicly exposed", "1.0.0", {{"N", "no"}, {"Y", "yes"}}, 2};

static const struct tu_ssvc_point point_cisa_bod_26_04_remediation_timelines = {"BOD2604",
	"cisa bod 26-04 remediation timelines", "1.0.0",
	{{"FSU", "fix on system upgrade"}, {"60D", "60 days"}, {"14D", "14 days"}, {"3D", "3 days"},
		{"3DF", "3 days & forensic investigation"}},
	5};

static const struct tu_ssvc_point point_safety_impact = {"SI", "safety impact", "2.0.1",
	{{"N", "negligible"}, {"M", "marginal"}, {"R", "critical"}, {"C", "catastrophic"}}, 4};

static const struct tu_ssvc_point point_mission_impact = {"MI", "mission impact", "2.0.0",
	{{"D", "degraded"}, {"MSC", "mef support crippled"}, {"MEF", "mef failure"},
		{"MF", "mission failure"}},
	4};

static const struct tu_ssvc_point point_value_density = {
	"VD", "value density", "1.0.0", {{"D", "diffuse"}, {"C", "concentrated"}}, 2};

/* ---- the rows ---- */

/* Exploitation, Automatable, Technical Impact; in a row by Mission and Well-Being Impact: low,
 * medium, high. */
static const char rows_cisa_coordinator[] = "000" /* none, no, partial */
					    "001" /* none, no, total */
					    "002" /* none, yes, partial */
					    "002" /* none, yes, total */
					    "001" /* public poc, no, partial */
					    "012" /* public poc, no, total */
					    "002" /* public poc, yes, partial */
					    "012" /* public poc, yes, total */
					    "002" /* active, no, partial */
					    "023" /* active, no, total */
					    "223" /* active, yes, partial */
					    "233" /* active, yes, total */;

/* Exploitation, Utility, Technical Impact; in a row by Public Safety Impact: minimal, significant.
 */
static const char rows_supplier[] = "01" /* none, laborious, partial */
				    "12" /* none, laborious, total */
				    "12" /* none, efficient, partial */
				    "12" /* none, efficient, total */
				    "12" /* none, super effective, partial */
				    "22" /* none, super effective, total */
				    "12" /* public poc, laborious, partial */
				    "13" /* public poc, laborious, total */
				    "13" /* public poc, efficient, partial */
				    "23" /* public poc, efficient, total */
				    "23" /* public poc, super effective, partial */
				    "23" /* public poc, super effective, total */
				    "23" /* active, laborious, partial */
				    "23" /* active, laborious, total */
				    "23" /* active, efficient, partial */
				    "23" /* active, efficient, total */
				    "33" /* active, super effective, partial */
				    "33" /* active, super effective, total */;

/* Exploitation, System Exposure, Automatable; in a row by Human Impact: low, medium, high, very
 * high. */
static const char rows_deployer[] = "0011" /* none, small, no */
				    "0111" /* none, small, yes */
				    "0111" /* none, controlled, no */
				    "1111" /* none, controlled, yes */
				    "0111" /* none, open, no */
				    "1112" /* none, open, yes */
				    "0111" /* public poc, small, no */
				    "1111" /* public poc, small, yes */
				    "0111" /* public poc, controlled, no */
				    "1112" /* public poc, controlled, yes */
				    "1112" /* public poc, open, no */
				    "1122" /* public poc, open, yes */
				    "1122" /* active, small, no */
				    "1222" /* active, small, yes */
				    "1122" /* active, controlled, no */
				    "2222" /* active, controlled, yes */
				    "1223" /* active, open, no */
				    "2233" /* active, open, yes */;

/* Report Public, Supplier Contacted, Report Credibility, Supplier Cardinality, Supplier Engagement,
 * Utility; in a row by Public Safety Impact: minimal, significant. */
static const char rows_coordinator_triage[] =
	"00" /* yes, no, not credible, one, active, laborious */
	"00" /* yes, no, not credible, one, active, efficient */
	"00" /* yes, no, not credible, one, active, super effective */
	"00" /* yes, no, not credible, one, unresponsive, laborious */
	"00" /* yes, no, not credible, one, unresponsive, efficient */
	"00" /* yes, no, not credible, one, unresponsive, super effective */
	"00" /* yes, no, not credible, multiple, active, laborious */
	"00" /* yes, no, not credible, multiple, active, efficient */
	"02" /* yes, no, not credible, multiple, active, super effective */
	"00" /* yes, no, not credible, multiple, unresponsive, laborious */
	"00" /* yes, no, not credible, multiple, unresponsive, efficient */
	"02" /* yes, no, not credible, multiple, unresponsive, super effective */
	"00" /* yes, no, credible, one, active, laborious */
	"00" /* yes, no, credible, one, active, efficient */
	"00" /* yes, no, credible, one, active, super effective */
	"00" /* yes, no, credible, one, unresponsive, laborious */
	"00" /* yes, no, credible, one, unresponsive, efficient */
	"00" /* yes, no, credible, one, unresponsive, super effective */
	"00" /* yes, no, credible, multiple, active, laborious */
	"00" /* yes, no, credible, multiple, active, efficient */
	"02" /* yes, no, credible, multiple, active, super effective */
	"00" /* yes, no, credible, multiple, unresponsive, laborious */
	"00" /* yes, no, credible, multiple, unresponsive, efficient */
	"02" /* yes, no, credible, multiple, unresponsive, super effective */
	"00" /* yes, yes, not credible, one, active, laborious */
	"00" /* yes, yes, not credible, one, active, efficient */
	"00" /* yes, yes, not credible, one, active, super effective */
	"00" /* yes, yes, not credible, one, unresponsive, laborious */
	"00" /* yes, yes, not credible, one, unresponsive, efficient */
	"00" /* yes, yes, not credible, one, unresponsive, super effective */
	"00" /* yes, yes, not credible, multiple, active, laborious */
	"00" /* yes, yes, not credible, multiple, active, efficient */
	"02" /* yes, yes, not credible, multiple, active, super effective */
	"00" /* yes, yes, not credible, multiple, unresponsive, laborious */
	"00" /* yes, yes, not credible, multiple, unresponsive, efficient */
	"02" /* yes, yes, not credible, multiple, unresponsive, super effective */
	"00" /* yes, yes, credible, one, active, laborious */
	"00" /* yes, yes, credible, one, active, efficient */
	"00" /* yes, yes, credible, one, active, super effective */
	"00" /* yes, yes, credible, one, unresponsive, laborious */
	"00" /* yes, yes, credible, one, unresponsive, efficient */
	"00" /* yes, yes, credible, one, unresponsive, super effective */
	"00" /* yes, yes, credible, multiple, active, laborious */
	"00" /* yes, yes, credible, multiple, active, efficient */
	"02" /* yes, yes, credible, multiple, active, super effective */
	"00" /* yes, yes, credible, multiple, unresponsive, laborious */
	"00" /* yes, yes, credible, multiple, unresponsive, efficient */
	"02" /* yes, yes, credible, multiple, unresponsive, super effective */
	"00" /* no, no, not credible, one, active, laborious */
	"00" /* no, no, not credible, one, active, efficient */
	"00" /* no, no, not credible, one, active, super effective */
	"00" /* no, no, not credible, one, unresponsive, laborious */
	"00" /* no, no, not credible, one, unresponsive, efficient */
	"00" /* no, no, not credible, one, unresponsive, super effective */
	"00" /* no, no, not credible, multiple, active, laborious */
	"00" /* no, no, not credible, multiple, active, efficient */
	"02" /* no, no, not credible, multiple, active, super effective */
	"00" /* no, no, not credible, multiple, unresponsive, laborious */
	"00" /* no, no, not credible, multiple, unresponsive, efficient */
	"02" /* no, no, not credible, multiple, unresponsive, super effective */
	"00" /* no, no, credible, one, active, laborious */
	"00" /* no, no, credible, one, active, efficient */
	"00" /* no, no, credible, one, active, super effective */
	"00" /* no, no, credible, one, unresponsive, laborious */
	"00" /* no, no, credible, one, unresponsive, efficient */
	"00" /* no, no, credible, one, unresponsive, super effective */
	"00" /* no, no, credible, multiple, active, laborious */
	"00" /* no, no, credible, multiple, active, efficient */
	"02" /* no, no, credible, multiple, active, super effective */
	"00" /* no, no, credible, multiple, unresponsive, laborious */
	"00" /* no, no, credible, multiple, unresponsive, efficient */
	"02" /* no, no, credible, multiple, unresponsive, super effective */
	"00" /* no, yes, not credible, one, active, laborious */
	"01" /* no, yes, not credible, one, active, efficient */
	"01" /* no, yes, not credible, one, active, super effective */
	"00" /* no, yes, not credible, one, unresponsive, laborious */
	"01" /* no, yes, not credible, one, unresponsive, efficient */
	"01" /* no, yes, not credible, one, unresponsive, super effective */
	"01" /* no, yes, not credible, multiple, active, laborious */
	"01" /* no, yes, not credible, multiple, active, efficient */
	"12" /* no, yes, not credible, multiple, active, super effective */
	"01" /* no, yes, not credible, multiple, unresponsive, laborious */
	"01" /* no, yes, not credible, multiple, unresponsive, efficient */
	"12" /* no, yes, not credible, multiple, unresponsive, super effective */
	"00" /* no, yes, credible, one, active, laborious */
	"01" /* no, yes, credible, one, active, efficient */
	"01" /* no, yes, credible, one, active, super effective */
	"12" /* no, yes, credible, one, unresponsive, laborious */
	"22" /* no, yes, credible, one, unresponsive, efficient */
	"22" /* no, yes, credible, one, unresponsive, super effective */
	"01" /* no, yes, credible, multiple, active, laborious */
	"01" /* no, yes, credible, multiple, active, efficient */
	"22" /* no, yes, credible, multiple, active, super effective */
	"22" /* no, yes, credible, multiple, unresponsive, laborious */
	"22" /* no, yes, credible, multiple, unresponsive, efficient */
	"22" /* no, yes, credible, multiple, unresponsive, super effective */;

/* Supplier Involvement, Exploitation; in a row by Public Value Added: limited, ampliative,
 * precedence. */
static const char rows_coordinator_publish[] = "001" /* fix ready, none */
					       "001" /* fix ready, public poc */
					       "011" /* fix ready, active */
					       "001" /* cooperative, none */
					       "001" /* cooperative, public poc */
					       "011" /* cooperative, active */
					       "001" /* uncooperative/unresponsive, none */
					       "011" /* uncooperative/unresponsive, public poc */
					       "111" /* uncooperative/unresponsive, active */;

/* In KEV, Publicly Exposed, Automatable; in a row by Technical Impact: partial, total. */
static const char rows_cisa_bod_26_04[] = "00" /* no, no, no */
					  "11" /* no, no, yes */
					  "12" /* no, yes, no */
					  "23" /* no, yes, yes */
					  "22" /* yes, no, no */
					  "24" /* yes, no, yes */
					  "24" /* yes, yes, no */
					  "34" /* yes, yes, yes */;

/* Safety Impact; in a row by Mission Impact: degraded, mef support crippled, mef failure, mission
 * failure. */
static const char rows_human_impact[] = "0013" /* negligible */
					"0013" /* marginal */
					"1223" /* critical */
					"3333" /* catastrophic */;

/* one row; in a row by Safety Impact: negligible, marginal, critical, catastrophic. */
static const char rows_public_safety_impact[] = "0111";

/* Automatable; in a row by Value Density: diffuse, concentrated. */
static const char rows_utility[] = "01" /* no */
				   "12" /* yes */;

/* ---- the tables ---- */

const struct tu_ssvc_table tu_ssvc_tables[] = {
	{"cisa-coordinator", "CISA coordinator", "cisa:DT_CO:2.0.3",
		{&point_exploitation, &point_automatable, &point_technical_impact,
			&point_mission_and_well_being_impact},
		4, &point_cisa_levels, rows_cisa_coordinator},
	{"supplier", "supplier: priority of developing a patch", "ssvc:DT_SP:1.0.0",
		{&point_exploitation, &point_utility, &point_technical_impact,
			&point_public_safety_impact},
		4, &point_defer_scheduled_out_of_cycle_immediate, rows_supplier},
	{"deployer", "deployer: priority of applying a patch", "ssvc:DT_DP:1.0.0",
		{&point_exploitation, &point_system_exposure, &point_automatable,
			&point_human_impact},
		4, &point_defer_scheduled_out_of_cycle_immediate, rows_deployer},
	{"coordinator-triage", "coordinator: whether to take a report on",
		"ssvc:DT_COORD_TRIAGE:1.0.0",
		{&point_report_public, &point_supplier_contacted, &point_report_credibility,
			&point_supplier_cardinality, &point_supplier_engagement, &point_utility,
			&point_public_safety_impact},
		7, &point_decline_track_coordinate, rows_coordinator_triage},
	{"coordinator-publish", "coordinator: whether to publish", "ssvc:DT_COORD_PUBLISH:1.0.0",
		{&point_supplier_involvement, &point_exploitation, &point_public_value_added}, 3,
		&point_publish_do_not_publish, rows_coordinator_publish},
	{"cisa-bod-26-04", "CISA BOD 26-04: time to remediate", "cisa:DT_BOD2604:1.0.0",
		{&point_in_kev, &point_publicly_exposed, &point_automatable,
			&point_technical_impact},
		4, &point_cisa_bod_26_04_remediation_timelines, rows_cisa_bod_26_04},
	{"human-impact", "human impact from safety and mission", "ssvc:DT_HI:1.0.0",
		{&point_safety_impact, &point_mission_impact}, 2, &point_human_impact,
		rows_human_impact},
	{"public-safety-impact", "public safety impact from safety", "ssvc:DT_PSI:1.0.0",
		{&point_safety_impact}, 1, &point_public_safety_impact, rows_public_safety_impact},
	{"utility", "utility from automatable and value density", "ssvc:DT_U:1.0.0",
		{&point_automatable, &point_value_density}, 2, &point_utility, rows_utility},
};

const size_t tu_ssvc_table_count = TU_COUNT(tu_ssvc_tables);
