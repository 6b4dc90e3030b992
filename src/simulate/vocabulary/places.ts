/** A city with the area codes and the range of postal codes that its people have. */
export interface City {
  readonly name: string;
  readonly region: string;
  readonly areaCodes: readonly string[];
  /** First postal code and how many follow it. */
  readonly postalFrom: number;
  readonly postalCount: number;
  /** Relative number of people. */
  readonly weight: number;
}

function city(
  name: string,
  region: string,
  areaCodes: string,
  postalFrom: number,
  postalCount: number,
  weight: number,
): City {
  return { name, region, areaCodes: areaCodes.split(" "), postalFrom, postalCount, weight };
}

export const CITIES: readonly City[] = [
  city("New York", "NY", "212 646 917", 10001, 40, 16),
  city("Los Angeles", "CA", "213 310 323", 90001, 68, 12),
  city("Chicago", "IL", "312 773 872", 60601, 57, 10),
  city("Houston", "TX", "713 281 832", 77002, 97, 10),
  city("Phoenix", "AZ", "602 480 623", 85003, 50, 9),
  city("Philadelphia", "PA", "215 267", 19102, 52, 7),
  city("San Antonio", "TX", "210 726", 78201, 60, 6),
  city("San Diego", "CA", "619 858", 92101, 39, 6),
  city("Dallas", "TX", "214 469 972", 75201, 54, 6),
  city("Atlanta", "GA", "404 470 678", 30303, 45, 5),
  city("Columbus", "OH", "614 380", 43201, 35, 4),
  city("Denver", "CO", "303 720", 80202, 47, 4),
  city("Boston", "MA", "617 857", 2108, 28, 3),
  city("Tampa", "FL", "813 656", 33602, 35, 3),
  city("Minneapolis", "MN", "612 952", 55401, 53, 3),
];

export const STREETS: readonly string[] = (
  "Main Oak Maple Cedar Pine Elm Washington Lake Hill Park Walnut Spring North Ridge Church Willow Mill Sunset River " +
  "Highland Jackson Lincoln Madison Franklin Adams Jefferson Chestnut Birch Dogwood Meadow Forest Valley Prospect Union " +
  "College Center Broad Market Canyon Juniper Magnolia Laurel Hickory Poplar Orchard Garden Hillcrest Fairview Summit " +
  "Grove Heron Falcon Quail Bluebird Cypress Aspen Sycamore Locust Cherry Peach"
).split(" ");

export const STREET_TYPES: readonly string[] = "St Ave Dr Rd Ln Ct Blvd Way Pl Street Avenue Drive".split(
  " ",
);
