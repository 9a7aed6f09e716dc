/*
 * The list of markets.
 *
 * EU: the member states; of the European Economic Area Norway, Iceland and Liechtenstein, whose
 * agreement has taken in the MDR and the IVDR (Joint Committee decisions 288/2019 and 301/2019);
 * the territories of member states that belong to the Union; Northern Ireland (code XI), where the
 * Windsor Framework keeps the Union's rules on goods. US: with its territories. Codes: ISO 3166-1.
 */
#include <tutela/market.h>

#include "device/form.h"

static const struct {
	const char *code;
	const char *alpha3; /* or "" */
	const char *name;
	const char *rules;
} markets[] = {
	{"EU", "", "European Union", "EU"},
	{"AT", "AUT", "Austria", "EU"},
	{"BE", "BEL", "Belgium", "EU"},
	{"BG", "BGR", "Bulgaria", "EU"},
	{"HR", "HRV", "Croatia", "EU"},
	{"CY", "CYP", "Cyprus", "EU"},
	{"CZ", "CZE", "Czechia", "EU"},
	{"DK", "DNK", "Denmark", "EU"},
	{"EE", "EST", "Estonia", "EU"},
	{"FI", "FIN", "Finland", "EU"},
	{"FR", "FRA", "France", "EU"},
	{"DE", "DEU", "Germany", "EU"},
	{"GR", "GRC", "Greece", "EU"},
	{"HU", "HUN", "Hungary", "EU"},
	{"IE", "IRL", "Ireland", "EU"},
	{"IT", "ITA", "Italy", "EU"},
	{"LV", "LVA", "Latvia", "EU"},
	{"LT", "LTU", "Lithuania", "EU"},
	{"LU", "LUX", "Luxembourg", "EU"},
	{"MT", "MLT", "Malta", "EU"},
	{"NL", "NLD", "Netherlands", "EU"},
	{"PL", "POL", "Poland", "EU"},
	{"PT", "PRT", "Portugal", "EU"},
	{"RO", "ROU", "Romania", "EU"},
	{"SK", "SVK", "Slovakia", "EU"},
	{"SI", "SVN", "Slovenia", "EU"},
	{"ES", "ESP", "Spain", "EU"},
	{"SE", "SWE", "Sweden", "EU"},
	{"IS", "ISL", "Iceland", "EU"},
	{"LI", "LIE", "Liechtenstein", "EU"},
	{"NO", "NOR", "Norway", "EU"},
	{"AX", "ALA", "Aland Islands", "EU"},
	{"GF", "GUF", "French Guiana", "EU"},
	{"GP", "GLP", "Guadeloupe", "EU"},
	{"MF", "MAF", "Saint Martin", "EU"},
	{"MQ", "MTQ", "Martinique", "EU"},
	{"RE", "REU", "Reunion", "EU"},
	{"YT", "MYT", "Mayotte", "EU"},
	{"XI", "", "Northern Ireland", "EU"},
	{"US", "USA", "United States", "US"},
	{"AS", "ASM", "American Samoa", "US"},
	{"GU", "GUM", "Guam", "US"},
	{"MP", "MNP", "Northern Mariana Islands", "US"},
	{"PR", "PRI", "Puerto Rico", "US"},
	{"VI", "VIR", "US Virgin Islands", "US"},
	{"CH", "CHE", "Switzerland", "CH"},
	{"CA", "CAN", "Canada", "CA"},
	{"GB", "GBR", "United Kingdom", ""},
	{"JP", "JPN", "Japan", ""},
	{"AU", "AUS", "Australia", ""},
	{"NZ", "NZL", "New Zealand", ""},
	{"BR", "BRA", "Brazil", ""},
	{"CN", "CHN", "China", ""},
	{"KR", "KOR", "South Korea", ""},
	{"IN", "IND", "India", ""},
	{"IL", "ISR", "Israel", ""},
	{"MX", "MEX", "Mexico", ""},
	{"SG", "SGP", "Singapore", ""},
	{"ZA", "ZAF", "South Africa", ""},
	{"TR", "TUR", "Turkey", ""},
	{"SA", "SAU", "Saudi Arabia", ""},
	{"AE", "ARE", "United Arab Emirates", ""},
	{"TW", "TWN", "Taiwan", ""},
	{"HK", "HKG", "Hong Kong", ""},
	{"RU", "RUS", "Russia", ""},
	{"UA", "UKR", "Ukraine", ""},
	{"AR", "ARG", "Argentina", ""},
	{"RS", "SRB", "Serbia", ""},
	{"MY", "MYS", "Malaysia", ""},
	{"TH", "THA", "Thailand", ""},
	{"VN", "VNM", "Vietnam", ""},
	{"CL", "CHL", "Chile", ""},
	{"CO", "COL", "Colombia", ""},
	{"EG", "EGY", "Egypt", ""},
	{"ID", "IDN", "Indonesia", ""},
	{"PH", "PHL", "Philippines", ""},
};

/* Countries that have no row above: no rules are known for them. */
static const char others[][3] = {
	"AD",
	"AF",
	"AG",
	"AI",
	"AL",
	"AM",
	"AO",
	"AQ",
	"AW",
	"AZ",
	"BA",
	"BB",
	"BD",
	"BF",
	"BH",
	"BI",
	"BJ",
	"BL",
	"BM",
	"BN",
	"BO",
	"BQ",
	"BS",
	"BT",
	"BV",
	"BW",
	"BY",
	"BZ",
	"CC",
	"CD",
	"CF",
	"CG",
	"CI",
	"CK",
	"CM",
	"CR",
	"CU",
	"CV",
	"CW",
	"CX",
	"DJ",
	"DM",
	"DO",
	"DZ",
	"EC",
	"EH",
	"ER",
	"ET",
	"FJ",
	"FK",
	"FM",
	"FO",
	"GA",
	"GD",
	"GE",
	"GG",
	"GH",
	"GI",
	"GL",
	"GM",
	"GN",
	"GQ",
	"GS",
	"GT",
	"GW",
	"GY",
	"HM",
	"HN",
	"HT",
	"IM",
	"IO",
	"IQ",
	"IR",
	"JE",
	"JM",
	"JO",
	"KE",
	"KG",
	"KH",
	"KI",
	"KM",
	"KN",
	"KP",
	"KW",
	"KY",
	"KZ",
	"LA",
	"LB",
	"LC",
	"LK",
	"LR",
	"LS",
	"LY",
	"MA",
	"MC",
	"MD",
	"ME",
	"MG",
	"MH",
	"MK",
	"ML",
	"MM",
	"MN",
	"MO",
	"MR",
	"MS",
	"MU",
	"MV",
	"MW",
	"MZ",
	"NA",
	"NC",
	"NE",
	"NF",
	"NG",
	"NI",
	"NP",
	"NR",
	"NU",
	"OM",
	"PA",
	"PE",
	"PF",
	"PG",
	"PK",
	"PM",
	"PN",
	"PS",
	"PW",
	"PY",
	"QA",
	"RW",
	"SB",
	"SC",
	"SD",
	"SH",
	"SJ",
	"SL",
	"SM",
	"SN",
	"SO",
	"SR",
	"SS",
	"ST",
	"SV",
	"SX",
	"SY",
	"SZ",
	"TC",
	"TD",
	"TF",
	"TG",
	"TJ",
	"TK",
	"TL",
	"TM",
	"TN",
	"TO",
	"TT",
	"TV",
	"TZ",
	"UG",
	"UM",
	"UY",
	"UZ",
	"VA",
	"VC",
	"VE",
	"VG",
	"VU",
	"WF",
	"WS",
	"YE",
	"ZM",
	"ZW",
};

static const struct {
	const char *word;
	const char *code;
} aliases[] = {{"Europe", "EU"}, {"EEA", "EU"}, {"European Economic Area", "EU"}, {"EL", "GR"},
	{"Czech Republic", "CZ"}, {"Holland", "NL"}, {"The Netherlands", "NL"}, {"America", "US"},
	{"United States of America", "US"}, {"U.S.", "US"}, {"U.S.A.", "US"}, {"UK", "GB"},
	{"U.K.", "GB"}, {"Great Britain", "GB"}, {"Britain", "GB"}, {"England", "GB"},
	{"Scotland", "GB"}, {"Wales", "GB"}, {"Korea", "KR"}, {"Republic of Korea", "KR"},
	{"Turkiye", "TR"}};

static bool is_word(struct tu_str text, const char *word)
{
	const struct tu_word list = {word, 0};
	const struct tu_words words = {&list, 1};
	int value;

	return *word && tu_words_find(&words, text, &value);
}

static bool find_row(struct tu_str word, struct tu_market *out_market)
{
	for (size_t i = 0; i < TU_COUNT(markets); i++)
		if (is_word(word, markets[i].code) || is_word(word, markets[i].alpha3) ||
			is_word(word, markets[i].name)) {
			*out_market = (struct tu_market){
				markets[i].code, markets[i].name, markets[i].rules};
			return true;
		}
	for (size_t i = 0; i < TU_COUNT(others); i++)
		if (is_word(word, others[i])) {
			*out_market = (struct tu_market){others[i], others[i], ""};
			return true;
		}
	return false;
}

bool tu_market_find(struct tu_str word, struct tu_market *out_market)
{
	struct tu_str text = tu_str_trim(word);

	for (size_t i = 0; i < TU_COUNT(aliases); i++)
		if (is_word(text, aliases[i].word))
			text = tu_str_c(aliases[i].code);
	return find_row(text, out_market);
}
