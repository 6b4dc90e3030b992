/**
 * Diminutives that are in common use in English and Spanish, a group a line, the full name first. A name may be in
 * several groups: "pat" is both Patrick and Patricia, which are not one another.
 */
const GROUPS = `
abigail abby abbie gail
abraham abe bram
albert al bert albie
alejandro alex ale jandro alejo
alejandra alex ale sandra jandra
alexander alex al sandy xander lex alec sasha
alexandra alex sandra sandy lexi alexa sasha
alfonso poncho al alf
alfred al fred alfie freddie
alice ali allie alicia
allison allie ali alison
amanda mandy mandi
andrea andie andi drea
andrew andy drew
angela angie angel
anita ann annie
anna ann anne annie nan nancy annie ana
anthony tony ant
antonio tony tono antonio toni
arthur art artie
arturo art turo
barbara barb barbie babs bobbie
beatriz bea betty bety
beatrice bea trixie betty
benjamin ben benny benji benjy
bernard bernie barney
beverly bev
bradley brad
brandon brand bran
calvin cal
cameron cam
caroline carol carrie carolyn caro
catherine cathy kathy kate katie cat kitty cate katherine kathryn cathryn
charles charlie chuck chas chaz carlos chip
charlotte charlie lottie char
christina chris tina chrissy christy christine christie
christine chris tina chrissy christy christie
christopher chris kit topher christian
clifford cliff
consuelo chelo
cristina cris tina kristina
curtis curt
cynthia cindy cyndi
daniel dan danny dani
daniela dani
david dave davey davy
deborah deb debbie debra debby
dennis denny den
diana di diane
dolores lola loli dolly
dominic dom nick
donald don donny donnie
dorothy dot dottie dolly dora
douglas doug dougie
edgar ed eddie
edward ed eddie ted teddy ned eduardo
eduardo ed eddie lalo edu
edwin ed eddie win
eleanor ellie nell nora ella elinor
elizabeth liz lizzie beth betty betsy eliza lisa libby bess liza elisabeth ellie
emily em emmy emmie
enrique kike quique rick henry
ernest ernie
ernesto neto ernie
eugene gene
evelyn eve evie
florence flo florrie
frances fran francie frankie fanny
francis frank fran frankie
francisco frank paco pancho cisco kiko frankie
frederick fred freddie freddy fritz rick
gabriel gabe gabi gabo
gabriela gabi gaby
gerald jerry gerry
geraldine gerry jerry
gerardo gera jerry
gilbert gil bert
gregory greg gregg
gregorio goyo greg
guadalupe lupe lupita
guillermo memo willy bill will guille
gustavo gus tavo
harold hal harry
harry harold henry
helen nell nellie ellen lena
henry hank harry hal
herbert herb bert
ignacio nacho
irene rene
isabel isa bella izzy chabela
isabella izzy bella isa
jacob jake jay
jacqueline jackie jacqui
james jim jimmy jamie jem jaime
janet jan janice
jason jay jase
javier javi
jeffrey jeff geoffrey geoff jeffery
jennifer jen jenny jenn jenna
jeremy jerry jem
jerome jerry
jessica jess jessie
jesus chuy chucho
john johnny jack jon johnnie
jonathan jon jonny nathan
jorge george coque
jose pepe joe joey chepe
josefina josie fina pepa
joseph joe joey jos
josephine jo josie
joshua josh
juan john juanito
judith judy jude
julia julie jules
julian jules
kathleen kathy kate katie kath kay
katherine kathy kate katie kat kitty kay kathryn catherine
kenneth ken kenny
kevin kev
kimberly kim kimmy kimberley
kristen kris kristin krista
larry lawrence lawrie
lawrence larry laurie lars laurence
leonard leo len lenny
leonardo leo leo
leslie les
lillian lily lil lilian
lorenzo lencho enzo
louis lou louie lewis
louise lou lulu
lucia lucy lucha
luis lucho louis lou
madeline maddie maddy madeleine
manuel manny manolo mani
marcus marc mark
margaret maggie peggy meg marge margie greta daisy rita peg madge
margarita margie rita mago
maria mary mari mia
maria marie maru
marjorie marge margie
martha marty marti
martin marty mart
mary molly polly mae mamie marie maria
matthew matt matty
mateo teo matt
maximilian max
melissa mel missy lissa
mercedes mercy meche
michael mike mikey mick mickey micky miguel
michelle shelly micki chelle shelley
miguel mike migue mickey
mildred millie
mitchell mitch
mohammed mohamed muhammad mo mohammad
montgomery monty
nancy nan nance
natalie nat natty
nathan nate nat
nathaniel nate nat nathan
nicholas nick nicky nico nicolas
nicole nicky nikki nic
norman norm
oliver ollie
olivia liv livvy ollie
oscar ozzie
pablo paul
pamela pam pammy
patricia pat patty trish tricia patti patsy pati
patrick pat paddy rick
peter pete
pedro pete perico
philip phil phillip pip
phillip phil philip
priscilla cilla pris
rafael rafa ralph
ramon ray moncho
raymond ray
rebecca becky becca reba bec
reginald reg reggie
ricardo rick ricky richie cardo richard
richard rick dick rich ricky richie dickie
robert bob bobby rob robbie bert robby
roberto beto bob rob robert
roderick rod rick
rodolfo rudy fito rodo
rodney rod
roger rog
ronald ron ronnie ronny
rosa rosie rosita rose
rosario chayo rosie charo
rosemary rose rosie romy
rudolph rudy
russell russ rusty
salvador chava sal
samantha sam sammy sammie
samuel sam sammy
sandra sandy
santiago santi diego jim chago
sarah sally sadie sara
sean shawn shaun
sebastian seb bas
sergio checo
sharon shari sherry
silvia sylvia
sofia sophie sofi sophia
solomon sol
stanley stan
stephanie steph stevie stefanie
stephen steve stevie steven
steven steve stevie stephen
stuart stu stewart
susan sue susie suzie suzy susanna suzanne
suzanne sue susie suzie suzy
tamara tammy tami
teresa terry tess tere theresa
terence terry terrance terrence
theodore ted teddy theo
theresa terry tess tessa terri tracy resa
thomas tom tommy thom tomas
timothy tim timmy
tobias toby
valerie val
veronica vero ronnie roni
vicente chente vince
victor vic vick
victoria vicky tori vicki vikki
vincent vince vinny vin
virginia ginny ginger gina
vivian viv
walter walt wally
wallace wally
wesley wes
wilfred wil fred
william bill will billy willie liam willy billie
yolanda yoli
zachary zach zack zac zak
`;

let groupsOfName: ReadonlyMap<string, readonly number[]> | undefined;

/** Computed at first use: importing the module costs nothing. */
function nicknameGroups(): ReadonlyMap<string, readonly number[]> {
  if (groupsOfName !== undefined) return groupsOfName;
  const groups = new Map<string, number[]>();
  for (const [index, line] of GROUPS.trim().split("\n").entries()) {
    for (const name of new Set(line.split(" "))) {
      const known = groups.get(name);
      if (known === undefined) groups.set(name, [index]);
      else known.push(index);
    }
  }
  groupsOfName = groups;
  return groups;
}

/**
 * Whether two given names, as `normalizeGivenName` writes them, are equal or usual forms of one name ("bob", "robert").
 * Symmetric, not transitive. Empty text is no name and equals nothing.
 */
export function sameByNickname(a: string, b: string): boolean {
  if (a === "" || b === "") return false;
  if (a === b) return true;
  const groups = nicknameGroups();
  const ofA = groups.get(a);
  const ofB = groups.get(b);
  return ofA !== undefined && ofB !== undefined && ofA.some((group) => ofB.includes(group));
}
