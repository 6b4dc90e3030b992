/**
 * Rough shares of frequent names among adults in the United States, from general knowledge of census tables, in classes:
 * what matters is whether a name is common, usual or rare. A name that is not listed has share 0.
 */
const GIVEN_COMMON =
  "james john robert michael william david richard joseph thomas charles mary patricia jennifer linda elizabeth barbara susan jessica sarah karen maria christopher daniel matthew nancy lisa";
const GIVEN_USUAL =
  "anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle ethan walter noah jeremy christian keith roger terry gerald harold sean austin carl arthur lawrence dylan jesse jordan bryan billy joe bruce gabriel logan albert willie alan juan wayne elijah randy roy vincent ralph eugene russell bobby mason philip louis betty margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori tony luis carlos mike bob bill jim tom dave steve joan rose";
const FAMILY_COMMON = "smith johnson williams brown jones garcia miller davis rodriguez martinez";
const FAMILY_USUAL =
  "hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez powell jenkins perry russell sullivan bell coleman butler henderson barnes gonzales fisher vasquez simmons romero jordan patterson alexander hamilton graham reynolds griffin wallace moreno west cole hayes bryant herrera gibson ellis tran medina aguilar stevens murray ford castro marshall owens harrison fernandez mcdonald woods washington kennedy wells vargas henry chen freeman webb tucker guzman burns crawford olson simpson porter hunter gordon mendez silva shaw snyder mason dixon munoz hunt hicks holmes palmer wagner black robertson boyd rose stone salazar fox warren mills meyer rice schmidt garza daniels ferguson nichols stephens soto weaver ryan gardner payne grant dunn kelley spencer hawkins";

const COMMON_SHARE = 0.01;
const USUAL_SHARE = 0.001;

function shares(common: string, usual: string): Record<string, number> {
  return Object.fromEntries([
    ...usual.split(" ").map((name) => [name, USUAL_SHARE] as const),
    ...common.split(" ").map((name) => [name, COMMON_SHARE] as const),
  ]);
}

export function defaultNameFrequencies(): Record<string, Record<string, number>> {
  return { given_name: shares(GIVEN_COMMON, GIVEN_USUAL), family_name: shares(FAMILY_COMMON, FAMILY_USUAL) };
}
