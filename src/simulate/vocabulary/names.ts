import type { PowerLaw } from "../powerLaw.js";
import type { Random } from "../random.js";

/** Given names, the more usual first; drawn by rank, so the order is the frequency. */
export const GIVEN_NAMES: readonly string[] = (
  "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica " +
  "Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Margaret Mark Sandra Donald Ashley " +
  "Steven Kimberly Paul Emily Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Dorothy George Melissa " +
  "Timothy Deborah Ronald Stephanie Edward Rebecca Jason Sharon Jeffrey Laura Ryan Cynthia Jacob Kathleen Gary Amy " +
  "Nicholas Angela Eric Shirley Jonathan Anna Stephen Brenda Larry Pamela Justin Emma Scott Nicole Brandon Helen " +
  "Benjamin Samantha Samuel Katherine Gregory Christine Frank Debra Alexander Rachel Raymond Carolyn Patrick Janet " +
  "Jack Catherine Dennis Maria Jerry Heather Tyler Diane Aaron Ruth Jose Julie Adam Olivia Nathan Joyce Henry Virginia " +
  "Douglas Victoria Zachary Kelly Peter Lauren Kyle Christina Ethan Joan Walter Evelyn Noah Judith Jeremy Megan " +
  "Christian Andrea Keith Cheryl Roger Hannah Terry Jacqueline Harold Martha Sean Gloria Austin Teresa Gerald Ann Carl " +
  "Sara Arthur Madison Lawrence Frances Dylan Kathryn Jesse Janice Jordan Jean Bryan Abigail Billy Alice Joe Julia Bruce " +
  "Judy Gabriel Sophia Logan Grace Albert Denise Willie Amber Alan Doris Juan Marilyn Wayne Danielle Elijah Beverly " +
  "Randy Isabella Roy Theresa Vincent Diana Ralph Natalie Eugene Brittany Russell Charlotte Bobby Marie Mason Kayla " +
  "Philip Alexis Louis Lori Luis Fatima Omar Priya Wei Ahmed Aisha Carlos Rosa Miguel Lucia Ivan Olga Mei Hiroshi Ingrid"
).split(" ");

/** Family names, the more usual first. */
export const FAMILY_NAMES: readonly string[] = (
  "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson " +
  "Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young " +
  "Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter " +
  "Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers " +
  "Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez " +
  "Wood Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell " +
  "Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Fisher Vasquez Simmons Romero Jordan Patterson " +
  "Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina " +
  "Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernandez Mcdonald Woods Washington Kennedy Wells Vargas " +
  "Henry Chen Freeman Webb Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder " +
  "Mason Dixon Munoz Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice " +
  "Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins " +
  "Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong Hudson Carroll Lane Riley " +
  "Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Pena Richards Contreras Willis Carpenter " +
  "Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega Watkins Greene Nunez Wheeler Valdez Harper Burke Larson " +
  "Santiago Maldonado Morrison Franklin Carlson Austin Dominguez Carr Lawson Jacobs Obrien Lynch Singh Vega Bishop " +
  "Montgomery Oliver Jensen Harvey Williamson Gilbert Dean Sims Espinoza Howell Li Wong Reid Hanson Le Mccoy Garrett " +
  "Burton Fuller Wang Weber Welch Rojas Lucas Marquez Fields Park Yang Little Banks Padilla Day Walsh Bowman Schultz"
).split(" ");

const ONSETS = "B Br C Ch D Dr F Fl G Gr H J K Kr L M N P Pr R S Sh St T Tr V W Z".split(" ");
const MIDDLES = "a e i o u ai ea ou ar el in or an il om er ol un".split(" ");
const JOINTS = "b d g k l m n r s t v z nd rk lt st mb".split(" ");
const ENDINGS = "ski sen son man berg wick ford well ton er ez ini ova is ak field ham ley by quist".split(
  " ",
);

/** A rare family name from syllables: some hundred thousand of them, so that rare names are really rare. */
function syllableName(random: Random): string {
  let name = random.pick(ONSETS) + random.pick(MIDDLES) + random.pick(JOINTS);
  if (random.chance(0.6)) name += random.pick(MIDDLES) + random.pick(JOINTS);
  return name + random.pick(ENDINGS);
}

export function drawFamilyName(random: Random, ranks: PowerLaw, rareShare: number): string {
  return random.chance(rareShare) ? syllableName(random) : (FAMILY_NAMES[ranks.draw(random)] as string);
}

export function drawGivenName(random: Random, ranks: PowerLaw, rareShare: number): string {
  if (!random.chance(rareShare)) return GIVEN_NAMES[ranks.draw(random)] as string;
  return random.pick(ONSETS) + random.pick(MIDDLES) + random.pick(JOINTS) + random.pick(MIDDLES);
}

/** Usual short forms. */
export const NICKNAMES: ReadonlyMap<string, string> = new Map(
  (
    "James:Jim Robert:Bob John:Jack Michael:Mike David:Dave William:Bill Richard:Rick Joseph:Joe Thomas:Tom Charles:Chuck " +
    "Christopher:Chris Daniel:Dan Matthew:Matt Anthony:Tony Steven:Steve Andrew:Andy Joshua:Josh Kenneth:Ken Timothy:Tim " +
    "Ronald:Ron Edward:Ed Jeffrey:Jeff Jacob:Jake Nicholas:Nick Jonathan:Jon Stephen:Steve Benjamin:Ben Samuel:Sam " +
    "Gregory:Greg Alexander:Alex Raymond:Ray Patrick:Pat Douglas:Doug Zachary:Zach Patricia:Pat Jennifer:Jen " +
    "Elizabeth:Liz Barbara:Barb Susan:Sue Jessica:Jess Margaret:Peggy Kimberly:Kim Michelle:Shelly Amanda:Mandy " +
    "Deborah:Deb Rebecca:Becky Stephanie:Steph Cynthia:Cindy Kathleen:Kathy Angela:Angie Pamela:Pam Samantha:Sam " +
    "Katherine:Kate Catherine:Cathy Christine:Chris Victoria:Vicky Jacqueline:Jackie Theresa:Terry Lawrence:Larry " +
    "Gerald:Jerry Walter:Walt Peter:Pete Philip:Phil Vincent:Vince Eugene:Gene Russell:Russ Gabriel:Gabe Abigail:Abby"
  )
    .split(" ")
    .map((pair): [string, string] => {
      const [full, short] = pair.split(":");
      return [full as string, short as string];
    }),
);
