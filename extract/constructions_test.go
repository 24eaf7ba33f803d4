package extract

import (
	"testing"

	"github.com/demarcgraph/demarc/extract/rule"
)

// constructions are ways of saying things, on disputes all over the world.
var constructions = []rule.Example{
	// coordination
	{Text: "Doklam is claimed by both Bhutan and China.", Facts: []string{"Bhutan claims Doklam", "China claims Doklam"}},
	{Text: "Nicaragua and Colombia both claim San Andrés.", Facts: []string{"Nicaragua claims San Andrés", "Colombia claims San Andrés"}},
	{Text: "Morocco claims Ceuta and Melilla.", Facts: []string{"Morocco claims Ceuta", "Morocco claims Melilla"}, Not: []string{"Ceuta claims Melilla"}},
	{Text: "Mauritius and Seychelles claim the Chagos Archipelago.", Facts: []string{"Mauritius claims Chagos Archipelago", "Seychelles claims Chagos Archipelago"}},
	{Text: "The Shebaa Farms are occupied by Israel and claimed by Lebanon.", Facts: []string{"Israel administers Shebaa Farms", "Lebanon claims Shebaa Farms"},
		Not: []string{"Lebanon administers Shebaa Farms", "Israel claims Shebaa Farms"}},
	{Text: "Russia, Nicaragua and Syria recognize South Ossetia.", Facts: []string{"Russia recognizes South Ossetia", "Nicaragua recognizes South Ossetia", "Syria recognizes South Ossetia"}},
	{Text: "Ireland, Denmark and Iceland do not recognize the United Kingdom's claim to Rockall.",
		Facts: []string{"Ireland rejects United Kingdom (about=Rockall)", "Denmark rejects United Kingdom", "Iceland rejects United Kingdom", "United Kingdom claims Rockall"},
		Not:   []string{"Ireland claims Rockall"}},
	{Text: "The 1984 treaty awarded the islands of Picton, Lennox and Nueva to Chile.",
		Facts: []string{"1984 treaty covers Picton Island", "Nueva Island transferredTo Chile (under=1984 treaty)", "Lennox Island transferredTo Chile (status=done)"}},
	{Text: "Tiran and Sanafir were transferred to Saudi Arabia by Egypt in 2017.",
		Facts: []string{"Tiran Island transferredTo Saudi Arabia (date=2017, from=Egypt, status=done)", "Sanafir Island transferredTo Saudi Arabia (date=2017)"}},
	{Text: "The United Arab Emirates claims Abu Musa and the Greater and Lesser Tunbs, which Iran occupies.",
		Facts: []string{"United Arab Emirates claims Abu Musa", "Iran administers Abu Musa", "Iran administers Tunb Islands"}},
	{Text: "Vanuatu claims Matthew Island and Hunter Island, which France also claims.",
		Facts: []string{"Vanuatu claims Matthew Island", "Vanuatu claims Hunter Island", "France claims Matthew Island", "France claims Hunter Island"}},

	// relative clauses and participles
	{Text: "Pakistan administers Gilgit-Baltistan, which India claims.", Facts: []string{"Pakistan administers Gilgit-Baltistan", "India claims Gilgit-Baltistan"}, Not: []string{"Pakistan claims Gilgit-Baltistan"}},
	{Text: "Madagascar claims the Glorioso Islands, which France administers.", Facts: []string{"Madagascar claims Glorioso Islands", "France administers Glorioso Islands"}},
	{Text: "Malaysia occupies Swallow Reef, which China, Taiwan and Vietnam claim.",
		Facts: []string{"Malaysia administers Swallow Reef", "China claims Swallow Reef", "Taiwan claims Swallow Reef", "Vietnam claims Swallow Reef"}, Not: []string{"Malaysia claims Swallow Reef"}},
	{Text: "Uruguay claims Isla Brasilera, which Brazil holds.", Facts: []string{"Uruguay claims Isla Brasilera", "Brazil administers Isla Brasilera"}, Not: []string{"Brazil seized Isla Brasilera"}},
	{Text: "Syria claims the Golan Heights, which Israel annexed in 1981.", Facts: []string{"Syria claims Golan Heights", "Israel seized Golan Heights (date=1981)"}},
	{Text: "Machias Seal Island, which is claimed by the United States, is administered by Canada.", Facts: []string{"United States claims Machias Seal Island", "Canada administers Machias Seal Island"}},
	{Text: "Haiti claims Navassa Island, which is administered by the United States.", Facts: []string{"Haiti claims Navassa Island", "United States administers Navassa Island"}},
	{Text: "Aksai Chin, administered by China and claimed by India, is almost uninhabited.", Facts: []string{"China administers Aksai Chin", "India claims Aksai Chin"}},
	{Text: "Saudi Arabia and Egypt signed an agreement in April 2016 that transferred Tiran and Sanafir to Saudi Arabia.",
		Facts: []string{"Egypt partyTo agreement (date=2016-04, act=signed)", "Tiran Island transferredTo Saudi Arabia (under=agreement)", "agreement covers Sanafir Island"}},

	// adjectives and nouns
	{Text: "Chinese-administered Aksai Chin is claimed by India.", Facts: []string{"China administers Aksai Chin", "India claims Aksai Chin"}, Not: []string{"China claims Aksai Chin"}},
	{Text: "Turkey's invasion of Cyprus in 1974 divided the island.", Facts: []string{"Turkey seized Cyprus (date=1974)"}},
	{Text: "Turkey invaded Cyprus in 1974.", Facts: []string{"Turkey seized Cyprus (date=1974)"}, Not: []string{"Cyprus seized Turkey"}},
	{Text: "Colombia's claim to San Andrés was upheld by the International Court of Justice.", Facts: []string{"Colombia claims San Andrés"}, Not: []string{"International Court of Justice claims San Andrés"}},
	{Text: "Belize rejects Guatemala's claim.", Facts: []string{"Belize rejects Guatemala"}, Not: []string{"Guatemala rejects Belize"}},
	{Text: "Comoros claims Mayotte, an overseas department of France.", Facts: []string{"Comoros claims Mayotte"}, Not: []string{"Comoros claims France", "France claims Mayotte"}},

	// what notes leave out or put elsewhere
	{Text: "Sudan claims, but Egypt holds, the Hala'ib Triangle.", Facts: []string{"Sudan claims Hala'ib Triangle", "Egypt administers Hala'ib Triangle"}},
	{Text: "The court held that Ligitan should go to Malaysia and Miangas to Indonesia.", Facts: []string{"Ligitan transferredTo Malaysia according to court", "Miangas transferredTo Indonesia according to court"}, Not: []string{"Miangas transferredTo Malaysia"}},
	{Text: "The 1985 accord covers the Mali-Niger and Niger-Benin boundaries.", Facts: []string{"1985 accord covers Mali-Niger boundary", "1985 accord covers Niger-Benin boundary"}},
	{Text: "The Golan Heights are Israeli occupied.", Facts: []string{"Israel administers Golan Heights"}},
	{Text: "Togo and Benin have no defined boundary in the lagoon.", Facts: []string{"not Benin delimited Togo"}, Not: []string{"Benin delimited Togo"}},
	{Text: "Venezuela claims all of Guyana west of the Essequibo River.", Facts: []string{"Venezuela claims Guyana west of the Essequibo River"}, Not: []string{"Venezuela claims Guyana"}},
	{Text: "Chile opposed Peru's plan (Bolivia and Peru had signed an agreement on Arica).", Facts: []string{"Bolivia partyTo agreement (act=signed)", "Peru partyTo agreement (act=signed)"}},
	{Text: "Kuwait and Iraq met in 1994 and are negotiating their maritime boundary.", Facts: []string{"Iraq negotiatesWith Kuwait (status=ongoing)"}},
	{Text: "Greater Tunb (called Tunb al-Kubra in Arabic by Iraq) lies near Hormuz.", Facts: []string{"Greater Tunb alsoKnownAs Tunb al-Kubra (by=Iraq)"}, Not: []string{"Greater Tunb alsoKnownAs Arabic"}},
	{Text: "Chile sent troops to the border with Peru, whose parliament protested, and Spain claims Perejil, as does Morocco.", Facts: []string{"Spain claims Perejil Island", "Morocco claims Perejil Island"}},

	// light verbs and metonyms
	{Text: "Caracas has laid claim to the Essequibo region.", Facts: []string{"Venezuela claims Essequibo"}},
	{Text: "Venezuela renewed its claim to the Essequibo region in 1962.", Facts: []string{"Venezuela claims Essequibo"}},
	// the text of a treaty, whose parties are those of its title
	{Text: "Boundary Treaty between Chile and Bolivia\n\nSigned at Santiago on 10 August 1866.\n\nArticle 1. The boundary between the two Republics shall be the parallel of 24 degrees.\n\nArticle 2. Bolivia cedes Antofagasta to Chile.\n\nArticle 3. The present Treaty shall be ratified.",
		Facts: []string{"Chile partyTo Boundary Treaty (act=signed, date=1866-08-10)", "Bolivia partyTo 1866 treaty", "Boundary Treaty covers Chile-Bolivia boundary",
			"Antofagasta transferredTo Chile (from=Bolivia, under=Boundary Treaty)", "Boundary Treaty covers Antofagasta"},
		Not: []string{"Chile disputes Bolivia"}},
	{Text: "Peace Treaty between Italy and Ethiopia\n\nArticle 5. The High Contracting Parties recognize the independence of Somalia.", Facts: []string{"Italy recognizes Somalia", "Ethiopia recognizes Somalia"}},
	{Text: "Italy and Ethiopia spoke of a peace treaty.\n\nArticles on it filled the papers.", Not: []string{"Italy partyTo peace treaty"}},
	{Text: "Frontier Treaty between Spain and Peru (summary)\n\nHis Catholic Majesty renounces all rights, titles and claims to Tacna.", Facts: []string{"Spain claims Tacna (status=dropped)", "Frontier Treaty covers Tacna"}},
	// what is handed over, after to whom
	{Text: "The Russian Government assign to Japan, subject to the approval of Peking, the lease of Port Arthur and Talien.",
		Facts: []string{"Port Arthur transferredTo Japan (from=Russia)", "Talien transferredTo Japan"}, Not: []string{"Port Arthur transferredTo China"}},
	{Text: "Denmark ceded to the United States in 1917 the Danish West Indies.", Facts: []string{"Danish West Indies transferredTo United States (date=1917, from=Denmark)"}},
	{Text: "China ceded to Japan in perpetuity the following territories: the southern portion of the province of Fengtien, the island of Hainan, and the Pescadores group.",
		Facts: []string{"southern portion of the province of Fengtien transferredTo Japan", "Hainan transferredTo Japan", "Pescadores transferredTo Japan (from=China)"}},
	{Text: "Norway returned to Denmark, said its king, to sign.", Not: []string{"Norway transferredTo Denmark"}},
	{Text: "Turkey renounces in favour of Italy all rights and title over the Dodecanese.", Facts: []string{"Dodecanese transferredTo Italy (from=Turkey)", "Turkey claims Dodecanese (status=dropped)"}},
	{Text: "For more than two years Ethiopia has occupied Badme.", Facts: []string{"Ethiopia administers Badme"}},
	{Text: "Bahrain and Qatar settled it in a 1950 exchange of notes on their maritime boundary.", Facts: []string{"1950 exchange of notes covers Bahrain-Qatar maritime boundary"}},
	{Text: "a dispute with downstream states (Syria and Iraq) over the Euphrates River", Country: "Turkey", Facts: []string{"Turkey disputes Syria", "Turkey disputes Iraq"}},
	{Text: "Greenlanders know Hans Island as Tartupaluk.", Facts: []string{"Hans Island alsoKnownAs Tartupaluk (by=Greenland)"}, Not: []string{"Greenland alsoKnownAs Hans Island"}},
	{Text: "Kosovo declared independence. Spain does not recognize the self-proclaimed state.", Facts: []string{"not Spain recognizes Kosovo"}},
	{Text: "On 9 October 1998 the tribunal rendered its award. It held that the Haycock Islands are subject to the sovereignty of Eritrea.", Facts: []string{"tribunal ruledOn Haycock Islands (date=1998-10-09, for=Eritrea)"}},
	{Text: "Turkish troops have held the north since 1974.", Country: "Cyprus", Facts: []string{"Turkey administers north of Cyprus (since=1974)"}},
	{Text: "The border treaty between Latvia and Russia was signed in March 2007 and ratified in May 2007.", Facts: []string{"Latvia partyTo border treaty (act=ratified, date=2007-05)", "Russia partyTo border treaty (act=signed, date=2007-03)"}},
	{Text: "claims two areas in French Guiana", Country: "Suriname", Facts: []string{"Suriname claims two areas"}},
	{Text: "dispute with Bolivia over Rio Lauca water rights", Country: "Chile", Facts: []string{"Chile disputes Bolivia (over=Lauca River)"}},
	{Text: "The preamble recalls the borders between Estonia and Russia under the 1920 Treaty of Tartu.", Facts: []string{"1920 Treaty of Tartu covers Estonia-Russia boundary"}},
	{Text: "Treaty of Lausanne (summary)\n\nArticle 12 confirms Greek sovereignty over Samothrace.", Facts: []string{"Treaty of Lausanne covers Samothrace"}},
	// whoever speaks for a state, and what only wraps its name
	{Text: "The Ministry of Foreign Affairs of Greece strongly protests Turkey's survey of the Imia islets.", Facts: []string{"Greece rejects Turkey"}},
	{Text: "The island of Heligoland is ceded by Her Britannic Majesty to His Majesty the Emperor of Germany.", Facts: []string{"Heligoland transferredTo Germany (from=United Kingdom)"}, Not: []string{"Heligoland transferredTo United Kingdom"}},
	{Text: "Turkey and the Government of National Accord of Libya signed a maritime memorandum in November 2019.", Facts: []string{"Turkey partyTo maritime memorandum (act=signed, date=2019-11)", "Libya partyTo maritime memorandum (act=signed)"}},
	{Text: "Greece and Italy, by contrast, signed an agreement in 2020 on their maritime boundary.", Facts: []string{"Greece partyTo agreement (act=signed)", "Italy partyTo agreement"}},
	{Text: "Azerbaijan-Iran-Kazakhstan-Turkmenistan: two oilfields are contested", Not: []string{"Iran disputes Kazakhstan"}},
	{Text: "A 1997 treaty between Indonesia and Australia settled some parts of their maritime boundary.", Facts: []string{"1997 treaty covers Indonesia-Australia maritime boundary"}},
	{Text: "The Javakheti region of Georgia borders Armenia.", Facts: []string{"Javakheti partOf Georgia"}},
	{Text: "Greece does not recognize the so-called Turkish Republic of Northern Cyprus.", Not: []string{"Northern Cyprus alsoKnownAs Turkish Republic of Northern Cyprus"}},
	{Text: "Lake Nyasa (Lake Malawi) divides Malawi and Tanzania.", Facts: []string{"Lake Nyasa alsoKnownAs Lake Malawi"}},
	{Text: "A joint commission of Chile and Peru has delimited the border.", Not: []string{"joint commission ruledOn Chile-Peru boundary"}},
	{Text: "Nauru recognized the independence of South Ossetia in 2009.", Facts: []string{"Nauru recognizes South Ossetia (date=2009, as=independence)"}},

	// what the parser is apt to get wrong, and offices named a sentence later
	{Text: "Sanctions imposed on Asmara by the Security Council in 2009 could become obsolete.", Facts: []string{"United Nations Security Council sanctions Eritrea"}},
	{Text: "The United Nations imposed a trade embargo on Iraq four days after the invasion.", Facts: []string{"United Nations sanctions Iraq"}},
	{Text: "The ICJ said in an advisory opinion that Britain should return the Chagos Islands.", Facts: []string{"International Court of Justice ruledOn Chagos Archipelago"}},
	{Text: "Egypt denounced an accord between Libya and Turkey that maps out a sea boundary between them.", Facts: []string{"accord covers Libya-Turkey maritime boundary"}},
	{Text: "President Jimmy Carter of the United States and President Demetrio Lakas of Panama signed treaties Wednesday night that will hand the Panama Canal to Panama.", Date: "1977-09-08",
		Facts: []string{"United States partyTo treaties (act=signed, date=1977-09-07)"}},
	{Text: "Indonesia has left the pact, its foreign minister said on Thursday. Retno Marsudi said that the pact was void.", Date: "2023-03-02",
		Facts: []string{"Retno Marsudi holdsOffice Foreign Minister (of=Indonesia)"}},
	{Text: "Argentina's foreign minister rejected the plan. Santiago Cafiero said that talks were over.",
		Facts: []string{"Santiago Cafiero holdsOffice Foreign Minister (of=Argentina)"}},
	{Text: "President Mauricio Macri of Argentina struck the deal. His successor, Alberto Fernandez, took office in December 2019.",
		Facts: []string{"Alberto Fernandez holdsOffice President (of=Argentina)"}},
	{Text: "The European Union imposed sanctions on Belarus in 2021.", Facts: []string{"European Union sanctions Belarus (date=2021)"}, Not: []string{"Belarus sanctions European Union"}},
	{Text: "Honduras and El Salvador have a dispute over Isla Conejo.", Facts: []string{"Honduras disputes El Salvador (over=Isla Conejo)"}},
	{Text: "Beijing does not recognize the ruling.", Facts: []string{"China rejects ruling"}},
	{Text: "Azerbaijan took control of Nagorno-Karabakh in September 2023.", Facts: []string{"Azerbaijan seized Nagorno-Karabakh (date=2023-09)"}},

	// a heading that is one word to the tokenizer
	{Text: "Djibouti-Eritrea: the boundary is disputed", Facts: []string{"Djibouti disputes Eritrea"}},

	// whose land is for a time, and what is still to be done
	{Text: "Western Thrace went to Greece, Eastern Thrace to Turkey.", Facts: []string{"Western Thrace transferredTo Greece", "Eastern Thrace transferredTo Turkey"}, Not: []string{"Western Thrace transferredTo Turkey"}},
	{Text: "Eritrea and Ethiopia fought over Badme. The Algiers Agreement, which both governments signed in December 2000, ended the war.", Facts: []string{"Eritrea partyTo Algiers Agreement (act=signed)"}, Not: []string{"Algeria partyTo Algiers Agreement"}},
	{Text: "Shikotan and Iturup, occupied by the Soviet Union in 1945 and still held by Russia, are volcanic.", Facts: []string{"Russia administers Shikotan", "Soviet Union seized Shikotan (date=1945)"}, Not: []string{"Russia seized Shikotan"}},
	{Text: "Walvis Bay and twelve offshore islands, run by South Africa since 1977, were handed over in 1994.", Country: "Namibia", Facts: []string{"South Africa administers Walvis Bay (since=1977)", "Walvis Bay transferredTo Namibia (date=1994)"}},
	{Text: "Karelia and Petsamo, ceded to the USSR in the 1944 armistice, are not claimed back", Country: "Finland", Facts: []string{"Karelia transferredTo Soviet Union", "Petsamo transferredTo Soviet Union", "1944 armistice covers Petsamo"}},
	{Text: "basic treaty with Romania, signed in September 1996, confirms the frontier laid down in 1947", Country: "Hungary", Facts: []string{"basic treaty covers Hungary-Romania boundary"}},
	{Text: "Takeshima, under South Korean guard since 1954, claimed", Country: "Japan", Facts: []string{"Japan claims Liancourt Rocks"}},
	{Text: "Treaty of Lausanne (extract)\n\nArticle 14. The islands of Imbros and Tenedos shall enjoy a special administration.\n\nArticle 15. Turkey renounces all title over Rhodes.", Facts: []string{"Treaty of Lausanne covers Imbros", "Turkey partyTo Treaty of Lausanne"}},
	{Text: "Memel has been Lithuanian since 1945.", Facts: []string{"Lithuania administers Memel"}},
	{Text: "Memel is Lithuanian.", Facts: []string{"Memel partOf Lithuania"}, Not: []string{"Lithuania administers Memel"}},
	{Text: "Chile and Peru handed Arica back, as foreseen in the 1929 treaty.", Facts: []string{"1929 treaty covers Arica"}},
	{Text: "The 1920 treaty, under which Svalbard is Norwegian, forbids forts.", Facts: []string{"1920 treaty covers Svalbard"}},
	{Text: "Rabat claims the Spanish enclaves of Ceuta and Melilla.", Facts: []string{"Ceuta partOf Spain", "Melilla partOf Spain"}},
	{Text: "Tacna reverted to Peru and Arica was kept by Chile.", Facts: []string{"Chile administers Arica"}, Not: []string{"Chile administers Tacna"}},
	{Text: "Memel was detached from Germany in 1920 and incorporated into Lithuania in 1923.", Facts: []string{"Memel transferredTo Lithuania (date=1923)"}},
	{Text: "The 1997 treaty was ratified by Chile but not by Peru.", Facts: []string{"Chile partyTo 1997 treaty (act=ratified)", "not Peru partyTo 1997 treaty (act=ratified)"}},
	{Text: "The Habomai Islands form part of Sakhalin Oblast.", Facts: []string{"Habomai islets partOf Sakhalin Oblast"}},
	{Text: "The communes of Briga and Tenda pass to France.", Facts: []string{"Briga transferredTo France", "Tenda transferredTo France"}},
	{Text: "lays claim to waters from which Angola pumps oil", Country: "Democratic Republic of the Congo", Facts: []string{"Democratic Republic of the Congo claims waters from which Angola pumps oil"}},

	{Text: "The Paracel Islands are occupied by China, claimed by Vietnam.", Facts: []string{"Vietnam claims Paracel Islands"}, Not: []string{"Vietnam claims China"}},
	// a verb left out
	{Text: "In 2001 the International Court of Justice awarded the Hawar Islands to Bahrain and Janan Island to Qatar.", Facts: []string{"Hawar Islands transferredTo Bahrain", "Janan Island transferredTo Qatar"}, Not: []string{"Janan Island transferredTo Bahrain"}},
	{Text: "The 1999 border treaty was ratified by Russia in May 2003 and by Lithuania in 1999.", Facts: []string{"Russia partyTo 1999 border treaty (act=ratified, date=2003-05)", "Lithuania partyTo 1999 border treaty (act=ratified)"}},
	// who else
	{Text: "China asserts sovereignty over Scarborough Shoal along with the Philippines and Taiwan.", Facts: []string{"China claims Scarborough Shoal", "Philippines claims Scarborough Shoal", "Taiwan claims Scarborough Shoal"}},
	{Text: "France's and Madagascar's claims to Banc du Geyser overlap.", Facts: []string{"France claims Banc du Geyser", "Madagascar claims Banc du Geyser"}},
	{Text: "Kashmir is under the administration of China (Aksai Chin) and Pakistan (Azad Kashmir).", Facts: []string{"China administers Aksai Chin", "Pakistan administers Azad Kashmir"}},
	{Text: "Norway asserts a claim in Antarctica (Queen Maud Land).", Facts: []string{"Norway claims Queen Maud Land"}, Not: []string{"Antarctica alsoKnownAs Queen Maud Land"}},
	{Text: "India does not recognize Pakistan's ceding the Shaksgam Valley to China in 1963.", Facts: []string{"India rejects Pakistan", "Shaksgam Valley transferredTo China (date=1963, from=Pakistan)"}},
	{Text: "Eritrea awarded the contract to Yemen, and Djibouti protested.", Not: []string{"Eritrea rejects Djibouti"}},
	{Text: "The United States and Russia reserve the right to make claims in Antarctica.", Not: []string{"Russia claims Antarctica", "United States claims Antarctica"}},

	// two places of one name
	{Text: "Brazil administers Snake Island off the coast of São Paulo.", Facts: []string{"Brazil administers Queimada Grande Island"}, Not: []string{"Brazil administers Zmiinyi Island"}},
	{Text: "Ukraine administers Snake Island in the Black Sea.", Facts: []string{"Ukraine administers Zmiinyi Island"}, Not: []string{"Ukraine administers Queimada Grande Island"}},

	// descriptions that their own names give away
	{Text: "The uninhabited islets, known as the Senkaku in Japan and the Diaoyu in China, are controlled by Japan.",
		Facts: []string{"Japan administers Senkaku Islands", "Senkaku Islands alsoKnownAs Diaoyu (by=China)"}},

	// disputes
	{Text: "Bhutan and China dispute the Doklam plateau.", Facts: []string{"Bhutan disputes China (over=Doklam)"}},
	{Text: "Kenya and South Sudan dispute the Ilemi Triangle.", Facts: []string{"Kenya disputes South Sudan (over=Ilemi Triangle)"}},
	{Text: "Canada and the United States dispute Machias Seal Island.", Facts: []string{"Canada disputes United States (over=Machias Seal Island)"}},
	{Text: "Equatorial Guinea and Gabon submitted their dispute over Mbanie to the International Court of Justice.", Facts: []string{"Equatorial Guinea disputes Gabon (over=Mbanie)"}},

	// time
	{Text: "India has administered Siachen Glacier since 1984.", Facts: []string{"India administers Siachen Glacier (since=1984)"}},
	{Text: "The New River Triangle has been controlled by Guyana since 1969.", Facts: []string{"Guyana administers New River Triangle (since=1969)"}},
	{Text: "The Philippines seized Thitu Island in 1971.", Facts: []string{"Philippines seized Thitu Island (date=1971)"}},
	{Text: "In 2017 Qatar withdrew its peacekeepers, and Eritrea seized the Doumeira Islands.", Facts: []string{"Eritrea seized Doumeira Islands (date=2017)"}, Not: []string{"Qatar seized Doumeira Islands"}},
	{Text: "The United States recognized Israeli sovereignty over the Golan Heights in March 2019.", Facts: []string{"United States recognizes Golan Heights (date=2019-03)"}},
	{Text: "Georgia severed ties with Russia after Russia recognized Abkhazia and South Ossetia in August 2008.",
		Facts: []string{"Russia recognizes Abkhazia (date=2008-08)", "Russia recognizes South Ossetia (date=2008-08)"}, Not: []string{"Georgia recognizes Abkhazia"}},

	// attribution, denial, intention
	{Text: "Georgia says Russia occupies Abkhazia.", Facts: []string{"Russia administers Abkhazia according to Georgia"}, Not: []string{"Georgia administers Abkhazia"}},
	{Text: "El Salvador says that Honduras occupied Isla Conejo in 1983.", Facts: []string{"Honduras seized Isla Conejo (date=1983) according to El Salvador"}},
	{Text: "France has refused to return the Scattered Islands to Madagascar.", Facts: []string{"not Scattered Islands transferredTo Madagascar (from=France, status=refused)"}, Not: []string{"Scattered Islands transferredTo Madagascar"}},
	{Text: "Serbia does not recognize the independence of Kosovo.", Facts: []string{"Serbia rejects Kosovo"}, Not: []string{"Serbia recognizes Kosovo"}},
	{Text: "Portugal does not recognize Spanish sovereignty over Olivenza.", Facts: []string{"Portugal rejects Spain (about=Olivenza)"}, Not: []string{"Portugal recognizes Olivenza"}},
	{Text: "Morocco does not recognize Spanish sovereignty over Melilla.", Facts: []string{"Morocco rejects Spain (about=Melilla)"}, Not: []string{"Morocco recognizes Melilla"}},
	{Text: "Ethiopia refused to accept the 2002 decision on Badme.", Facts: []string{"Ethiopia rejects 2002 decision", "2002 decision covers Badme"}, Not: []string{"Ethiopia partyTo 2002 decision"}},
	{Text: "China rejected the 2016 ruling.", Facts: []string{"China rejects 2016 ruling"}},
	{Text: "Thailand may one day claim Koh Kong.", Not: []string{"Thailand claims Koh Kong"}},
	{Text: "Would Peru ever seize Arica?", Not: []string{"Peru seized Arica"}},
	{Text: "If Iran seizes Bubiyan, Kuwait will protest.", Not: []string{"Iran seized Bubiyan"}},

	// instruments and courts
	{Text: "Canada and Denmark signed an agreement on Hans Island on 14 June 2022.",
		Facts: []string{"Canada partyTo agreement (date=2022-06-14, act=signed)", "Denmark partyTo agreement", "agreement covers Hans Island"}},
	{Text: "Indonesia and Malaysia signed a treaty on the Sulawesi Sea in June 2023.", Facts: []string{"Indonesia partyTo treaty (date=2023-06)", "treaty covers Sulawesi Sea"}},
	{Text: "Kyrgyzstan and Tajikistan signed an agreement on their border in March 2025.", Facts: []string{"Kyrgyzstan partyTo agreement (date=2025-03, act=signed)", "Tajikistan partyTo agreement"}},
	{Text: "Chile and Argentina signed the Treaty of Peace and Friendship in 1984.", Facts: []string{"Chile partyTo Treaty of Peace and Friendship (act=signed, date=1984)"}},
	{Text: "Badme was awarded to Eritrea by the Eritrea-Ethiopia Boundary Commission in 2002.",
		Facts: []string{"Eritrea-Ethiopia Boundary Commission ruledOn Badme (date=2002, for=Eritrea)", "Badme transferredTo Eritrea (date=2002)"}},
	{Text: "In 1962 the International Court of Justice ruled that the Temple of Preah Vihear belongs to Cambodia.", Facts: []string{"International Court of Justice ruledOn Preah Vihear (date=1962, for=Cambodia)"}},

	// names
	{Text: "Lake Malawi is known as Lake Nyasa in Tanzania.", Facts: []string{"Lake Malawi alsoKnownAs Lake Nyasa (by=Tanzania)"}},
	{Text: "Navassa Island is known in Haiti as Lanavaz.", Facts: []string{"Navassa Island alsoKnownAs Lanavaz (by=Haiti)"}},
	{Text: "South Korea administers the Liancourt Rocks, known as Takeshima in Japan.", Facts: []string{"South Korea administers Liancourt Rocks", "Liancourt Rocks alsoKnownAs Takeshima (by=Japan)"}},
	{Text: "Russia annexed Crimmea in 2014.", Facts: []string{"Russia seized Crimea (date=2014)"}},

	// persons
	{Text: "Japan's Prime Minister Fumio Kishida met South Korean President Yoon Suk Yeol in Tokyo on March 16, 2023.",
		Facts: []string{"Fumio Kishida metWith Yoon Suk Yeol (date=2023-03-16)", "Fumio Kishida holdsOffice Prime Minister (of=Japan)", "Yoon Suk Yeol holdsOffice President (of=South Korea)"}},

	// the unnamed subject of an entry, its heading, and what sentences before name
	{Text: "claims the Savage Islands", Country: "Spain", Facts: []string{"Spain claims Savage Islands"}},
	{Text: "Estonia-Russia: the two countries signed a border treaty in 2014", Facts: []string{"Estonia partyTo border treaty (date=2014)", "Russia partyTo border treaty (act=signed)"}},
	{Text: "Malaysia and Singapore disputed Pedra Branca. The two countries took the case to court. They signed an agreement in 2003.",
		Facts: []string{"Malaysia disputes Singapore (over=Pedra Branca)", "Malaysia partyTo agreement (date=2003)", "Singapore partyTo agreement (date=2003)"}},
	{Text: "Kenya administers the Ilemi Triangle. It has held the territory since 1963.", Facts: []string{"Kenya administers Ilemi Triangle (since=1963)"}},
	{Text: "Greece and Turkey claim Imia. The islets are uninhabited, and Athens administers them.", Facts: []string{"Greece administers Imia"}, Not: []string{"Turkey administers Imia"}},
	{Text: "Protesters gathered on Monday.", Date: "2024-05-31", Not: []string{"Peru claims Chile"}},
	{Text: "India and Pakistan held talks on the Siachen Glacier last month.", Date: "2024-05-31", Facts: []string{"India negotiatesWith Pakistan (about=Siachen Glacier, date=2024-04, status=held)"}},
	{Text: "On Monday China invaded Kinmen.", Date: "2024-05-31", Facts: []string{"China seized Kinmen (date=2024-05-27)"}},
	// what is spoken of again
	{Text: "Israel captured the Shebaa Farms in 1967. It regards the farms as part of the Golan Heights. Beirut insists that they are Lebanese.",
		Facts: []string{"Shebaa Farms partOf Golan Heights according to Israel", "Lebanon claims Shebaa Farms"}, Not: []string{"Lebanon claims Golan Heights"}},
	{Text: "Mayotte, in the Mozambique Channel, was a French protectorate. France has ruled it since 1841.", Facts: []string{"France administers Mayotte (since=1841)"},
		Not: []string{"France administers Mozambique Channel"}},
	{Text: "Beijing says that the Senkaku Islands belong to it.", Facts: []string{"China claims Senkaku Islands"}, Not: []string{"Senkaku Islands partOf China"}},
	{Text: "The Spratly Islands lie northeast of Brunei, which also claims some of them.", Facts: []string{"Brunei claims Spratly Islands"}},
	{Text: "India holds most of Ladakh and China the rest.", Facts: []string{"India administers Ladakh", "China administers rest of Ladakh"}},
	{Text: "Rebels control the Kodori Gorge. They took Svaneti last week. Georgia and Russia protested.", Not: []string{"Georgia seized Svaneti", "Russia seized Svaneti"}},
	{Text: "Abu Musa is one thing. Farsi Island, one of two islands claimed by Saudi Arabia, is small.", Facts: []string{"Saudi Arabia claims Farsi Island"}, Not: []string{"Saudi Arabia claims Abu Musa"}},
	{Text: "The North does not recognize the Northern Limit Line. North Korea and South Korea talked. The North claims Yeonpyeong.", Facts: []string{"North Korea claims Yeonpyeong Island"}},

	// quotations of several sentences
	{Text: "\"We will not go away,\" said Foreign Minister Sergei Lavrov of Russia. \"Crimea is Russian.\"", Facts: []string{"Russia claims Crimea"}, Not: []string{"Crimea partOf Russia"}},
	{Text: "\"We will not go away,\" said the minister. Crimea is Russian.", Not: []string{"Russia claims Crimea"}},

	// the long sentences of the news
	{Text: "Under the 2024 pact, which is still to be ratified, Mauritius will take over the Chagos Archipelago.", Facts: []string{"2024 pact covers Chagos Archipelago"}},
	{Text: "The Black Sea peninsula, handed to Ukraine in 1954, \"has always been ours\", he said.", Not: []string{"Black Sea transferredTo Ukraine"}},
	{Text: "Russia annexed Crimea in 2014. The Black Sea peninsula was handed to Ukraine in 1954.", Facts: []string{"Crimea transferredTo Ukraine (date=1954)"}},
	{Text: "Chile and Bolivia quarrel over the Silala River. Chile sued Bolivia in 2016. Spanish diplomats met Bolivian officials. The two countries signed an agreement on Tuesday.", Date: "2020-06-15",
		Facts: []string{"Chile partyTo agreement", "Bolivia partyTo agreement"}, Not: []string{"Spain partyTo agreement"}},
	{Text: "The rest is in the hands of the Polisario Front, which seized Dakhla in 1976.", Facts: []string{"Polisario Front seized Dakhla (date=1976)"}},
	{Text: "In 2004 the agreement gave China 174 square kilometres of land.", Facts: []string{"174 square kilometres transferredTo China"}},
	{Text: "In 2012 the International Court of Justice ruled in a case that had dragged on for years. An arbitral tribunal ruled in 2016 that the Spratly Islands belong to nobody.", Facts: []string{"arbitral tribunal ruledOn Spratly Islands (date=2016)"}},
	{Text: "Italian troops occupied South Tyrol in 1918.", Facts: []string{"Italy seized South Tyrol (date=1918)"}},
	{Text: "Morocco controls about four-fifths of Western Sahara.", Facts: []string{"Morocco administers four-fifths of Western Sahara"}},
	{Text: "Moldova accused Russian forces of seizing Bender.", Facts: []string{"Russia seized Bender according to Moldova"}, Not: []string{"Moldova seized Bender"}},
	{Text: "Iran was awarded Kotur in 1878.", Facts: []string{"Kotur transferredTo Iran (date=1878)"}},
	{Text: "China, Taiwan and Vietnam each say that the Spratly Islands are theirs.", Facts: []string{"China claims Spratly Islands", "Taiwan claims Spratly Islands", "Vietnam claims Spratly Islands"}},
	{Text: "The treaties of Aigun and Peking gave Outer Manchuria to Russia.", Facts: []string{"Treaty of Aigun covers Outer Manchuria", "Treaty of Peking covers Outer Manchuria"}},
	{Text: "Guyana and Suriname sent their prime ministers. The prime ministers, Forbes Burnham and Jules Sedney, met in Trinidad.", Facts: []string{"Forbes Burnham metWith Jules Sedney", "Jules Sedney holdsOffice Prime Minister"}},
	{Text: "The mayor of the port city of Sevastopol, Alexei Chaly, signed too.", Facts: []string{"Alexei Chaly holdsOffice Mayor"}},
	{Text: "South Tyrol was renamed Alto Adige.", Facts: []string{"South Tyrol alsoKnownAs Alto Adige"}},
	{Text: "Putin told Bzhania, who was elected in March, that Russia recognized Abkhazia in 2008.", Facts: []string{"Russia recognizes Abkhazia (date=2008)"}},
	{Text: "Argentina and Chile, which were close to war in 1978, on Thursday signed a treaty on the Beagle Channel.", Date: "1984-11-30", Facts: []string{"Argentina partyTo treaty (date=1984-11-29)", "Chile partyTo treaty", "treaty covers Beagle Channel"}},
	{Text: "Venezuela points to the Geneva Agreement, which it signed with Britain and what was then British Guiana in 1966.", Facts: []string{"Venezuela partyTo Geneva Agreement", "United Kingdom partyTo Geneva Agreement", "Guyana partyTo Geneva Agreement (date=1966)"}},
	{Text: "Ireland has never claimed Rockall, but neither has it recognised Britain's sovereignty over it.", Facts: []string{"Ireland rejects United Kingdom"}, Not: []string{"Ireland recognizes Rockall"}},
	{Text: "Denmark and Iceland have views of their own. Both reject the 1988 treaty.", Facts: []string{"Denmark rejects 1988 treaty", "Iceland rejects 1988 treaty"}},
	{Text: "The Royal Navy annexed Rockall in 1955.", Facts: []string{"United Kingdom seized Rockall (date=1955)"}},
	{Text: "A tribunal awarded Pakistan about a tenth of the Rann of Kutch.", Facts: []string{"tenth of Rann of Kutch transferredTo Pakistan"}},
	{Text: "Putin's treaty made Crimea part of Russia.", Facts: []string{"treaty covers Crimea"}},
	{Text: "The islets of Imia, or Kardak as the Turks call them, are uninhabited.", Facts: []string{"Imia alsoKnownAs Kardak (by=Turkey)"}},
	{Text: "Ho Iat-seng, who replaces Fernando Chui as chief executive, is no reformer.", Facts: []string{"Ho Iat-seng holdsOffice Chief Executive (status=current)", "Fernando Chui holdsOffice Chief Executive (status=former)"}},
	{Text: "Somaliland declared its independence in 1991. It controls the port of Berbera.", Facts: []string{"Somaliland administers Berbera"}},

	{Text: "maintains claim to the Sapodilla Cays, but President ARZU reopened talks", Country: "Guatemala", Facts: []string{"Guatemala claims Sapodilla Cays", "ARZU holdsOffice President (of=Guatemala)"}},
	{Text: "a cease-fire holds; Oman-Yemen: boundary largely demarcated; claims Qaruh", Country: "Kuwait", Facts: []string{"Oman delimited Yemen (status=partial)", "Kuwait claims Qaruh"}},
	{Text: "dispute with Benin over three villages dormant since 2001", Country: "Nigeria", Facts: []string{"Nigeria disputes Benin"}},
	{Text: "took over the Aozou Strip in 1973; agreed with Chad to leave", Country: "Libya", Facts: []string{"Libya seized Aozou Strip (date=1973)"}},
	{Text: "troops took over the station in 1973", Country: "Libya", Not: []string{"Libya seized station"}},

	{Text: "considers null and void the 1899 award; talks with Guyana on the western border resumed in 2002", Country: "Venezuela", Facts: []string{"Venezuela rejects 1899 award", "Guyana negotiatesWith Venezuela (date=2002, status=resumed)"}},
	{Text: "claims Qaruh; at odds with Kuwait, and the two sides signed an accord in 1932", Country: "Iraq", Facts: []string{"Iraq partyTo accord (date=1932)", "Kuwait partyTo accord"}},
	{Text: "agreement with Zambia on the Kazungula crossing signed in November 1998", Country: "Botswana", Facts: []string{"Botswana partyTo agreement (act=signed, date=1998-11)", "Zambia partyTo agreement"}},
	{Text: "Treaty of Jeddah with Yemen fixes the boundary from the Red Sea to the Omani tripoint", Country: "Saudi Arabia", Facts: []string{"Treaty of Jeddah covers Saudi Arabia-Yemen boundary"}, Not: []string{"Treaty of Jeddah covers Oman-Yemen boundary"}},
	{Text: "By the Treaty of Tarawa of 1979 the United States gave up Canton Island.", Facts: []string{"United States partyTo Treaty of Tarawa"}},
	{Text: "Italy cedes to Yugoslavia the city of Zara and the islands of Lagosta and Pelagosa.", Facts: []string{"Zara transferredTo Yugoslavia (from=Italy)", "Lagosta transferredTo Yugoslavia", "Pelagosa transferredTo Yugoslavia"}},
	{Text: "Czechoslovakia and Poland were born in 1918. Prague rejected the 1919 award.", Facts: []string{"Czechoslovakia rejects 1919 award"}, Not: []string{"Czechia rejects 1919 award"}},
	{Text: "The Sapodilla Cays went to Honduras by a treaty of 1970.", Facts: []string{"Sapodilla Cays transferredTo Honduras"}},

	// names in parentheses, and whose they are
	{Text: "Namibia lost a small island in the Chobe River (Kasikili to Namibia, Sedudu to Botswana).", Facts: []string{"small island in the Chobe River alsoKnownAs Kasikili (by=Namibia)", "small island in the Chobe River alsoKnownAs Sedudu (by=Botswana)"},
		Not: []string{"Chobe River alsoKnownAs Kasikili"}},
	{Text: "Turkey and Greece contest the Imia islets (Kardak in Turkish).", Facts: []string{"Imia alsoKnownAs Kardak (by=Turkey)"}},
	{Text: "South Africa kept twelve offshore islands (the Penguin Islands).", Facts: []string{"twelve offshore islands alsoKnownAs Penguin Islands"}},
	{Text: "Japan claims four northern islands (Etorofu, Kunashiri, Shikotan and Habomai).", Not: []string{"four northern islands alsoKnownAs Etorofu"}},
	{Text: "China lays claim to Arunachal Pradesh, its \"South Tibet,\" and to Aksai Chin.", Facts: []string{"Arunachal Pradesh alsoKnownAs South Tibet (by=China)"}},
	{Text: "The United Kingdom administers the Chagos Archipelago under the name of British Indian Ocean Territory.", Facts: []string{"Chagos Archipelago alsoKnownAs British Indian Ocean Territory (by=United Kingdom)"}},
	{Text: "Guyana's Essequibo region is shown on Venezuelan maps as Guayana Esequiba.", Facts: []string{"Essequibo region alsoKnownAs Guayana Esequiba (by=Venezuela)"}},
	{Text: "Yemen administers Socotra as a governorate.", Not: []string{"Socotra alsoKnownAs governorate"}},
	{Text: "The Philippines claims Sabah, the Malaysian state in northern Borneo.", Facts: []string{"Sabah partOf Malaysia"}},
	{Text: "The islands of Qaruh and Umm al Maradim remain Kuwaiti.", Facts: []string{"Qaruh partOf Kuwait", "Umm al Maradim partOf Kuwait"}},

	// what is left out because it was said before
	{Text: "Kosovo proclaimed its independence in 2008. Around a hundred countries, the United States among them, recognize it; Serbia does not, and neither do Russia or China.",
		Facts: []string{"United States recognizes Kosovo", "not Serbia recognizes Kosovo", "not Russia recognizes Kosovo", "not China recognizes Kosovo"}},
	{Text: "Russia recognized Abkhazia and South Ossetia in 2008. Nicaragua and Nauru followed suit.", Facts: []string{"Nicaragua recognizes South Ossetia", "Nauru recognizes Abkhazia"}},
	{Text: "Spain does not recognize Kosovo. Peru was the first to do so.", Not: []string{"not Peru recognizes Kosovo"}},
	{Text: "The United States recognized Israeli sovereignty over the Golan Heights. Israel was pleased. Syria denounced the move.", Facts: []string{"Syria rejects United States"}, Not: []string{"Syria rejects Israel"}},
	{Text: "Guatemala claims Belize. It signed the 1859 treaty. In 1946 it declared the treaty void.", Facts: []string{"Guatemala rejects 1859 treaty"}},
	{Text: "Ceuta and Melilla, the two Spanish-held towns that Morocco claims, are old.", Facts: []string{"Spain administers Ceuta", "Spain administers Melilla"}},
	{Text: "Chile and Peru signed the Treaty of Lima in 1929. Tacna went back to Peru in August of that year.", Date: "2012-01-01", Facts: []string{"Tacna transferredTo Peru (date=1929-08)"}},
	{Text: "Iraq invaded Kuwait in August 1990. The following February it was driven out of Bubiyan by Saudi troops.", Date: "2012-01-01", Facts: []string{"Iraq seized Kuwait (date=1990-08)"}},
	{Text: "Ersin Tatar, who leads Northern Cyprus, was absent.", Facts: []string{"Ersin Tatar holdsOffice Leader (of=Northern Cyprus)"}},
	{Text: "EU trade commissioner Maroš Šefčovič was absent.", Facts: []string{"Maroš Šefčovič holdsOffice trade commissioner (of=European Union)"}},

	// what lies at the edge of what, and what is described once more
	{Text: "El Salvador claims Conejo Island in the Gulf of Fonseca, which is occupied by Honduras.", Facts: []string{"El Salvador claims Conejo Island", "Honduras administers Conejo Island"}, Not: []string{"Honduras administers Gulf of Fonseca"}},
	{Text: "The vessel sank off Abu Musa in the Persian Gulf, an island that Iran occupies.", Facts: []string{"Iran administers Abu Musa"}, Not: []string{"Iran administers Persian Gulf"}},
	{Text: "Boats shadowed the vessel near Second Thomas Shoal in the South China Sea, which China claims almost entirely.", Facts: []string{"China claims South China Sea"}, Not: []string{"China claims Second Thomas Shoal"}},
	{Text: "Egypt administers the Hala'ib Triangle, a tract of 20,000 sq km on the coast north of the 22nd parallel that Sudan also claims.", Facts: []string{"Egypt administers Hala'ib Triangle", "Sudan claims Hala'ib Triangle"}},
	{Text: "Gibraltar is a rocky outcrop at the mouth of the Mediterranean which Spain ceded to Britain in 1713.", Facts: []string{}, Not: []string{"Mediterranean Sea transferredTo United Kingdom"}},
	{Text: "Suriname claims the Tigri area, a wedge of rain forest near the Brazilian border that Guyana has occupied since 1969.", Facts: []string{"Guyana administers Tigri (since=1969)"}},
	{Text: "Vanuatu claims Matthew and Hunter, two uninhabited volcanic islands that France also claims.", Facts: []string{"France claims Matthew Island", "France claims Hunter Island"}},
	{Text: "Medvedev set foot on Kunashir, one of four islands off Hokkaido.", Facts: []string{"Kunashir partOf four islands"}},
	{Text: "Israeli tanks crossed the fence and commandos took Mount Hermon.", Facts: []string{"Israel seized Mount Hermon"}},
	{Text: "The dispute has kept Japan and Russia from signing a peace treaty.", Facts: []string{"not Japan partyTo peace treaty", "not Russia partyTo peace treaty"}},
	{Text: "JERUSALEM - Troops arrived on Sunday. The zone is patrolled under a 1974 accord.", Not: []string{"1974 accord covers Jerusalem"}},
	{Text: "In 1956 Moscow promised to give back Shikotan once a peace treaty had been concluded.", Facts: []string{}, Not: []string{"Russia partyTo peace treaty (date=1956)"}},
	{Text: "Spain agreed to divide Western Sahara between Morocco and Mauritania.", Facts: []string{}, Not: []string{"Western Sahara between Morocco transferredTo Mauritania"}},
	{Text: "The European Union imposed travel bans on Russian officials, among them Prime Minister Dmitry Medvedev.", Facts: []string{"European Union sanctions Dmitry Medvedev", "European Union sanctions Russia"}},
	{Text: "Kamchybek Tashiev, the head of Kyrgyzstan's security service, was there.", Facts: []string{"Kamchybek Tashiev holdsOffice Head (of=Kyrgyzstan)"}},
	{Text: "Elvira Nabiullina, Russia's central bank governor, was there.", Facts: []string{"Elvira Nabiullina holdsOffice central bank governor (of=Russia)"}},
	{Text: "Israel annexed the Golan Heights in 1981. Only the United States recognizes the annexation.", Facts: []string{"United States recognizes Golan Heights"}},

	// who is meant
	{Text: "The presidents of Peru, Ecuador and Brazil, Alberto Fujimori, Jamil Mahuad and Fernando Cardoso, signed an act.",
		Facts: []string{"Alberto Fujimori holdsOffice President (of=Peru)", "Jamil Mahuad holdsOffice President (of=Ecuador)", "Fernando Cardoso holdsOffice President (of=Brazil)"}},
	{Text: "Greece and Turkey agreed to talk. The foreign ministers of the two countries, George Papandreou and Ismail Cem, met in Athens.",
		Facts: []string{"George Papandreou holdsOffice Foreign Minister (of=Greece)", "Ismail Cem holdsOffice Foreign Minister (of=Turkey)", "George Papandreou metWith Ismail Cem"}},
	{Text: "Prime Ministers Keith Mitchell of Grenada and Mia Mottley of Barbados met in Brazil. In a joint declaration the two sides undertook to draw a boundary.",
		Facts: []string{"Grenada partyTo joint declaration", "Barbados partyTo joint declaration"}, Not: []string{"Brazil partyTo joint declaration"}},
	{Text: "In 1940 Moscow seized Bessarabia. In 2014 Moscow seized Crimea.", Facts: []string{"Soviet Union seized Bessarabia", "Russia seized Crimea"}, Not: []string{"Russia seized Bessarabia", "Soviet Union seized Crimea"}},
	{Text: "In 1975 Belgrade and Rome signed the Treaty of Osimo. Moscow has rejected the treaty.", Facts: []string{"Yugoslavia partyTo Treaty of Osimo", "Russia rejects Treaty of Osimo"}, Not: []string{"Serbia partyTo Treaty of Osimo"}},
	{Text: "In 1921 Moscow recognized Estonia. Bonn protested.", Facts: []string{"Soviet Russia recognizes Estonia"}, Not: []string{"Soviet Union recognizes Estonia"}},
	{Text: "Bonn recognized Slovenia in 1992.", Facts: []string{"Germany recognizes Slovenia (date=1992)"}, Not: []string{"West Germany recognizes Slovenia"}},

	{Text: "The islands of Picton, Lennox and Nueva lie in the Beagle Channel. It runs past Cape Horn. A court of arbitration awarded the three islands to Chile in 1977.",
		Facts: []string{"court of arbitration ruledOn Lennox Island", "Picton Island transferredTo Chile (date=1977)", "Nueva Island transferredTo Chile (date=1977)"}},
	{Text: "Libya invaded the Aouzou Strip of Chad in 1973, invoking a 1935 accord between France and Italy. Chad protested. In the Algiers accord of 1989 the neighbours undertook to talk. Libya and Chad went to court.",
		Facts: []string{"Libya partyTo 1989 Algiers accord", "Chad partyTo 1989 Algiers accord"}, Not: []string{"Italy partyTo 1989 Algiers accord"}},
	{Text: "Finland lies opposite the Åland Islands. In 1917 Finland declared its independence, and Sweden recognized it.", Facts: []string{"Sweden recognizes Finland"}, Not: []string{"Sweden recognizes Åland"}},
	{Text: "Guyana and Venezuela met. In an 11-point text, the Argyle Declaration, the two sides undertook to avoid incidents.",
		Facts: []string{"Guyana partyTo Argyle Declaration", "Venezuela partyTo Argyle Declaration"}},
	{Text: "Iran seized Greater Tunb and Lesser Tunb, which are claimed by Ras al-Khaimah under the names of Tunb al Kubra and Tunb as Sughra.",
		Facts: []string{"Greater Tunb alsoKnownAs Tunb al Kubra", "Lesser Tunb alsoKnownAs Tunb as Sughra"}, Not: []string{"Greater Tunb alsoKnownAs Tunb as Sughra"}},
	{Text: "Kasikili (Sedudu to Botswana) Island is claimed by Namibia.", Facts: []string{"Namibia claims Kasikili Island", "Kasikili Island alsoKnownAs Sedudu Island (by=Botswana)"}},

	// in treaties and statements
	{Text: "The Government of the People's Republic of China claims Aksai Chin.", Facts: []string{"China claims Aksai Chin"}, Not: []string{"Taiwan claims Aksai Chin"}},
	{Text: "Treaty between Italy and Albania concerning the Islands\n\nArticle 1. The island of Sazan shall belong to Albania.\n\nArticle 2. Italy shall withdraw its troops from it within a month.",
		Facts: []string{"Sazan transferredTo Albania (under=treaty) [promised]", "Italy partyTo treaty", "Albania partyTo treaty"}, Not: []string{"Italy partyTo treaty (act=withdrew)"}},
	{Text: "Statement by the Ministry of Foreign Affairs of Comoros\n\nMayotte is an integral part of Comoros.", Facts: []string{"Comoros claims Mayotte"}, Not: []string{"Mayotte partOf Comoros"}},
	{Text: "Vietnam claims the Hoang Sa (Paracel) Islands.", Facts: []string{"Vietnam claims Paracel Islands"}},
	{Text: "Belize does not accept the occupation of the Sapodilla Cays by Guatemala.", Not: []string{"not Guatemala administers Sapodilla Cays"}},
	{Text: "The court found that sovereignty over the ledge belongs to the State in whose waters it lies, and that Pedra Branca belongs to Singapore.", Not: []string{"ledge partOf Singapore"}},
	{Text: "Kenya's president met his Somali counterpart, Hassan Sheikh Mohamud, in Nairobi.", Facts: []string{"Hassan Sheikh Mohamud holdsOffice President (of=Somalia)"}},
	{Text: "A tribunal in The Hague rejected China's claims to the South China Sea in 2016.", Facts: []string{"China claims South China Sea"}, Not: []string{"China claims South China Sea (since=2016)"}},
}

func TestConstructions(t *testing.T) {
	x := newExtractor(t)
	for i := range constructions {
		checkExample(t, x, &constructions[i])
	}
}
